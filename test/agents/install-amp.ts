import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { npmPackages } from "./npm-packages.ts";

/** The newest generation of Amp whose whole agent loop runs on this machine, so that a scripted model can drive it. */
export const ampVersion = "0.0.1777266064-g47b6f7";

/** The path of the real Amp CLI, brought from npm (12 MB) when it is not there. It is proprietary: never part of the repository. */
export async function installAmp(): Promise<string> {
  const folder = await npmPackages([`@sourcegraph/amp@${ampVersion}`]);
  const own = join(folder, "node_modules/@sourcegraph/amp/package.json");
  const { version } = JSON.parse(await readFile(own, "utf8")) as { version: string };
  if (version !== ampVersion)
    throw new Error(`${folder} holds Amp ${version}: remove that folder, then run the tests again`);
  return join(folder, "node_modules/.bin/amp");
}

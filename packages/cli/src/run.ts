import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { trustedJson } from "./http/trusted-json.ts";
import { reportFailure } from "./report-failure.ts";

// `src` in the repository, `dist` in the published package: one level below the package's root.
const here = dirname(fileURLToPath(import.meta.url));

/** Runs the command line that the process was started with; the one place where a failure becomes words and an exit code. */
export async function main(argv: string[]): Promise<void> {
  const json = asksForJson(argv);
  try {
    if (argv[0] === "--version") process.stdout.write(version(json));
    else await runCommand(argv);
  } catch (error) {
    process.exitCode = reportFailure(error, json, {
      stdout: (text) => process.stdout.write(text),
      stderr: (text) => process.stderr.write(text),
    });
  }
}

async function runCommand(argv: string[]): Promise<void> {
  const { settings } = await import("@oclif/core/settings");
  const { run } = await import("@oclif/core/run");
  const { commandIndex } = await import("./command-index.ts");
  // The sources are run as they are; looking for a TypeScript configuration of ours would only cost time.
  settings.enableAutoTranspile = false;
  await run(argv, await commandIndex(dirname(here), here));
}

function version(json: boolean): string {
  const text = readFileSync(join(dirname(here), "package.json"), "utf8");
  const { version: number } = trustedJson<{ version: string }>(text);
  const facts = {
    version: number,
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
  };
  return json
    ? `${JSON.stringify(facts, null, 2)}\n`
    : `ampx/${number} ${facts.platform} node-${facts.node}\n`;
}

function asksForJson(argv: string[]): boolean {
  const end = argv.indexOf("--");
  return (end === -1 ? argv : argv.slice(0, end)).includes("--json");
}

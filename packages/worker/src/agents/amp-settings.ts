import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { textOf } from "./text-of.ts";

/** Nothing of Amp's own doing in the commits and the installation. */
const ours = {
  "amp.updates.mode": "disabled",
  "amp.git.commit.ampThread.enabled": false,
  "amp.git.commit.coauthor.enabled": false,
};

/**
 * Writes the settings of one turn into a private folder and returns the file's path: the person's own (Amp reads one file
 * only), with ours on top. Settings that cannot be read as JSON are left away, and `warn` is told.
 */
export async function writeAmpSettings(
  folder: string,
  env: NodeJS.ProcessEnv,
  warn: (text: string) => void,
): Promise<string> {
  const theirs = env["AMP_SETTINGS_FILE"] ?? join(env["HOME"] ?? "/", ".config/amp/settings.json");
  const file = join(folder, "amp-settings.json");
  await writeFile(file, JSON.stringify({ ...(await readSettings(theirs, warn)), ...ours }), {
    mode: 0o600,
  });
  return file;
}

async function readSettings(file: string, warn: (text: string) => void): Promise<object> {
  const text = await textOf(file);
  if (text === null) return {};
  try {
    const settings: unknown = JSON.parse(text);
    if (typeof settings === "object" && settings !== null) return settings;
  } catch {
    // Comments, for one; told below.
  }
  warn(`${file} is not plain JSON: its settings do not apply in this turn`);
  return {};
}

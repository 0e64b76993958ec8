import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join } from "node:path";
import type { Interfaces } from "@oclif/core";
import { Config } from "@oclif/core/config";
import { trustedJson } from "./http/trusted-json.ts";

/**
 * How oclif finds the commands: by the index of them (oclif's manifest) beside package.json, so that only the command that runs
 * is loaded. The published package ships it. In the repository it is a cache: made anew here when a source is newer.
 */
export async function commandIndex(root: string, folder: string): Promise<Interfaces.Options> {
  const options = { root, isRoot: true, pjson: packageJson(root, basename(folder)) };
  const file = join(root, "oclif.manifest.json");
  if (isCurrent(file, folder)) return options;
  return { ...options, ignoreManifest: !(await writeIndex(options)) };
}

/** Makes the index of the built package, see `npm run build`. */
export async function buildIndex(root: string, folder: string): Promise<void> {
  const pjson = packageJson(root, basename(folder));
  if (!(await writeIndex({ root, isRoot: true, pjson })))
    throw new Error(`${root} cannot be written to`);
}

async function writeIndex(options: Interfaces.Options & { root: string }): Promise<boolean> {
  const config = await Config.load({ ...options, ignoreManifest: true });
  const plugin = config.plugins.get(config.name);
  // oclif has it on the object but not in its type.
  const manifest: unknown =
    plugin !== undefined && "manifest" in plugin ? plugin.manifest : undefined;
  return keep(join(options.root, "oclif.manifest.json"), JSON.stringify(manifest));
}

// The paths in it are those of the sources; a built package has its own folder in their place.
function packageJson(root: string, folder: string): Interfaces.PJSON {
  const text = readFileSync(join(root, "package.json"), "utf8");
  return trustedJson<Interfaces.PJSON>(text.replaceAll('"./src/', `"./${folder}/`));
}

function isCurrent(file: string, folder: string): boolean {
  if (!existsSync(file)) return false;
  if (basename(folder) !== "src") return true;
  const made = statSync(file).mtimeMs;
  if (!readFileSync(file, "utf8").includes('"relativePath":["src",')) return false;
  const commands = join(folder, "commands");
  const folders = readdirSync(commands, { withFileTypes: true, recursive: true });
  const sources = folders.map((entry) => join(entry.parentPath, entry.name));
  return [commands, join(folder, "flags.ts"), join(folder, "..", "package.json"), ...sources].every(
    (source) => statSync(source).mtimeMs < made,
  );
}

function keep(file: string, manifest: string): boolean {
  const fresh = `${file}.${process.pid}`;
  try {
    writeFileSync(fresh, manifest);
    renameSync(fresh, file);
    return true;
  } catch {
    // A clone that cannot be written to works without, only slower.
    return false;
  }
}

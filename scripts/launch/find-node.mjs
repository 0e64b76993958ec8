import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, realpathSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pinnedNode } from "./toolchain.mjs";

const OLDEST_MAJOR = 24;

/**
 * A Node new enough for ampx: the running one, else the clone's own, else another on PATH.
 *
 * @typedef {{ file: string, version: string }} Node
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Node | undefined}
 */
export function findNode(root, env) {
  if (isNewEnough(process.version)) return { file: process.execPath, version: process.version };
  const own = pinnedNode(root);
  const ownFile = own && join(own.folder, own.program);
  if (own && ownFile && existsSync(ownFile)) return { file: ownFile, version: `v${own.version}` };
  return findNodeOnPath(env);
}

/** @param {NodeJS.ProcessEnv} env */
function findNodeOnPath(env) {
  const seen = new Set([realpathSync(process.execPath)]);
  for (const file of programsOnPath("node", env)) {
    const real = realpathSync(file);
    if (seen.has(real)) continue;
    seen.add(real);
    const version = versionOf(file, [], env);
    if (version !== undefined && isNewEnough(version)) return { file, version };
  }
  return undefined;
}

/** @param {string} version */
function isNewEnough(version) {
  return Number(/^v?(\d+)\./.exec(version)?.[1]) >= OLDEST_MAJOR;
}

/**
 * Every executable of this name on PATH, the first one first.
 *
 * @param {string} name
 * @param {NodeJS.ProcessEnv} env
 */
export function programsOnPath(name, env) {
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).filter(isExecutable);
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Whatever the reason, this entry of PATH cannot be used.
    return false;
  }
}

/**
 * What `<file> --version` prints; `undefined` when it does not answer well within 20 seconds.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
export function versionOf(file, args, env) {
  const answer = spawnSync(file, [...args, "--version"], {
    env,
    encoding: "utf8",
    timeout: 20_000,
    stdio: ["ignore", "pipe", "ignore"],
  });
  return answer.status === 0 ? answer.stdout.trim() : undefined;
}

import { existsSync, realpathSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { findNode, programsOnPath, versionOf } from "./find-node.mjs";
import { installPackages, packagesAreInstalled } from "./packages.mjs";
import { SetupFailure } from "./setup-failure.mjs";
import { withSetupLock } from "./setup-lock.mjs";
import { installTool, pinnedNode, pinnedPnpm } from "./toolchain.mjs";

/**
 * Makes sure that Node and the packages are there and gives the environment to run commands in: this one, with that Node
 * first on PATH. Fetches only what is missing; starts no process when nothing is.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function setUp(root, env) {
  const node = findNode(root, env);
  if (node !== undefined && packagesAreInstalled(root, node.version))
    return withNodeFirst(node.file, env);

  return withSetupLock(join(root, ".toolchain"), async () => {
    // Looked at anew: whoever held the lock before us may have done all of it.
    const ready = findNode(root, env) ?? (await installNode(root, env));
    const readyEnv = withNodeFirst(ready.file, env);
    if (!packagesAreInstalled(root, ready.version)) {
      await installPackages(
        root,
        ready.version,
        await findOrInstallPnpm(root, ready.file, readyEnv),
        readyEnv,
      );
    }
    return readyEnv;
  });
}

/**
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
async function installNode(root, env) {
  const wanted = pinnedNode(root);
  const tryThis =
    "install Node 24 or newer yourself (https://nodejs.org), put it on PATH and run the same command again.";
  const step = "find Node";
  if (wanted === undefined) {
    throw new SetupFailure({
      step,
      cause: `this is Node ${process.version}, and npm has no newer one for ${process.platform} ${process.arch}`,
      tryThis,
    });
  }
  await installTool(root, wanted, env);
  const file = join(wanted.folder, wanted.program);
  const version = versionOf(file, [], env);
  if (version === undefined)
    throw new SetupFailure({ step, cause: `${file} does not run on this machine`, tryThis });
  return { file, version };
}

/**
 * The command line of a pnpm that reads our lockfile.
 *
 * @param {string} root
 * @param {string} nodeFile
 * @param {NodeJS.ProcessEnv} env
 */
async function findOrInstallPnpm(root, nodeFile, env) {
  const [onPath] = programsOnPath("pnpm", env);
  // A pnpm that is only corepack's stand-in would fetch the real one, and ask first.
  const version =
    onPath &&
    versionOf(onPath, [], {
      ...env,
      COREPACK_ENABLE_NETWORK: "0",
      COREPACK_ENABLE_DOWNLOAD_PROMPT: "0",
    });
  if (onPath && version && /^1[12]\./.test(version)) return [onPath];
  const wanted = pinnedPnpm(root);
  const script = join(wanted.folder, wanted.program);
  if (!existsSync(script)) await installTool(root, wanted, env);
  return [nodeFile, script];
}

/**
 * @param {string} nodeFile
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
function withNodeFirst(nodeFile, env) {
  const [first] = programsOnPath("node", env);
  if (first !== undefined && realpathSync(first) === realpathSync(nodeFile)) return env;
  return { ...env, PATH: `${dirname(nodeFile)}${delimiter}${env["PATH"] ?? ""}` };
}

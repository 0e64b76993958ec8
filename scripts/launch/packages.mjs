import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setupStep } from "./setup-step.mjs";

/**
 * Whether node_modules is what the lockfile and every package.json ask for, under this Node: a few file reads, no process.
 *
 * @param {string} root
 * @param {string} nodeVersion
 */
export function packagesAreInstalled(root, nodeVersion) {
  const stamp = stampFile(root);
  if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wantedStamp(root, nodeVersion))
    return false;
  return packageFolders(root).every((folder) => existsSync(join(folder, "node_modules")));
}

/**
 * Installs what the lockfile says. Only the holder of the set-up lock may call it.
 *
 * @param {string} root
 * @param {string} nodeVersion
 * @param {string[]} pnpm the command line that starts pnpm
 * @param {NodeJS.ProcessEnv} env
 */
export async function installPackages(root, nodeVersion, [file = "pnpm", ...args], env) {
  rmSync(stampFile(root), { force: true });
  const stamp = wantedStamp(root, nodeVersion);
  // Under NODE_ENV=production pnpm would leave out the test tools.
  const { NODE_ENV: _, ...rest } = env;
  // Every tarball is fixed by its hash in the lockfile, and pnpm judged the lockfile when it was made. Judging it anew asks
  // the registry about each package: 5 s online, minutes offline.
  const trusting = [
    "--frozen-lockfile",
    "--config.trustLockfile=true",
    "--config.confirmModulesPurge=false",
  ];
  const patient = ["--config.fetchRetryMintimeout=1000", "--config.fetchRetryMaxtimeout=5000"];
  await setupStep({
    step: "packages (pnpm install)",
    file,
    args: [...args, "install", "--prefer-offline", ...trusting, ...patient],
    cwd: root,
    env: rest,
    tryThis:
      "if you changed a package.json, run `pnpm install` to renew pnpm-lock.yaml; else see whether npm reaches its registry (npm ping) and the disk has room; then run the same command again.",
  });
  writeFileSync(stampFile(root), stamp);
}

/** @param {string} root */
function stampFile(root) {
  return join(root, "node_modules", ".ampx-set-up");
}

/**
 * @param {string} root
 * @param {string} nodeVersion
 */
function wantedStamp(root, nodeVersion) {
  const shared = ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ".npmrc"].map((name) =>
    join(root, name),
  );
  const files = [...shared, ...packageFolders(root).map((folder) => join(folder, "package.json"))];
  const hash = createHash("sha256").update(`${nodeVersion} ${process.platform} ${process.arch}`);
  for (const file of files)
    hash
      .update(`\0${file.slice(root.length)}\0`)
      .update(existsSync(file) ? readFileSync(file) : "");
  return hash.digest("hex");
}

/** @param {string} root */
function packageFolders(root) {
  const folders = readdirSync(join(root, "packages"))
    .sort()
    .map((name) => join(root, "packages", name));
  return folders.filter((folder) => existsSync(join(folder, "package.json")));
}

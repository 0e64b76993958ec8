import { execFileSync } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { person } from "./ampx.ts";

const linuxOnly = { skip: process.platform !== "linux" };

test(
  "where the wanted sandbox is not installed, doctor and start say what to do, and no agent runs",
  linuxOnly,
  async () => {
    await using ada = await person({ AMPX_AGENT: "command", AMPX_SANDBOX_MODE: "bubblewrap" });
    Object.assign(ada.env, { PATH: await programsFor(ada.folder) });
    await mkdir(ada.home);
    await writeFile(
      join(ada.home, "config.yaml"),
      `agents: { command: { command: [touch, ${join(ada.folder, "ran")}] } }\n`,
    );
    const doctor = await ada.ampx(["doctor"]);
    expect(doctor.code).toBe(1);
    expect(doctor.stdout).toMatch(
      /✗ sandbox +bubblewrap \(bwrap\) is not installed\n +try: install /,
    );

    await ada.ampx(["init", "shop"]);
    const clone = join(ada.folder, "clone");
    await ada.git(ada.folder, "clone", "--quiet", "shop/repo.git", clone);
    await ada.git(clone, "commit", "--quiet", "--allow-empty", "-m", "First");
    await ada.git(clone, "push", "--quiet", "origin", "HEAD:main");
    const start = await ada.ampx(["start", "--repo", "shop", "--task", "Sell things."]);
    expect(start.code).not.toBe(0);
    expect(start.stderr).toContain('"command" cannot run: bubblewrap (bwrap) is not installed');
  },
);

test(
  "a bubblewrap that may not make namespaces is shown with its own words",
  linuxOnly,
  async () => {
    await using ada = await person();
    const PATH = await programsFor(ada.folder);
    await writeFile(
      join(PATH, "bwrap"),
      "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2; exit 1\n",
      { mode: 0o755 },
    );
    const env = { PATH, AMPX_SANDBOX_MODE: "bubblewrap" };
    const { stdout } = await ada.ampx(["doctor"], { env });
    expect(stdout).toMatch(
      /✗ sandbox +.*: bwrap: No permissions to create new namespace\n +try: let /,
    );
    const off = await ada.ampx(["doctor"], { env: { PATH } });
    expect(off.stdout).toMatch(/✓ sandbox +off; bubblewrap does not work here: /);
  },
);

/** What a server needs, and no bubblewrap. */
async function programsFor(folder: string): Promise<string> {
  const bin = join(folder, "bin");
  await mkdir(bin);
  for (const name of ["git", "sh", "ps", "touch"]) {
    const file = execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    await symlink(file, join(bin, name));
  }
  return bin;
}

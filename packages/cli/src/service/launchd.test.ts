import { mkdtempDisposable, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { launchd } from "./launchd.ts";
import { programRunner } from "./run-program.ts";

const script = `#!/bin/sh
cd "$(dirname "$0")"
echo "$*" >> calls
case "$1" in
  print) [ -e loaded ] && printf 'x = {\\n\\tstate = running\\n\\tpid = 7\\n}\\n' || { echo 'Could not find service' >&2; exit 113; } ;;
  bootstrap) [ ! -e broken ] || { echo 'Bootstrap failed: 125: Domain does not support specified action' >&2; exit 125; }; touch loaded ;;
  bootout) rm loaded ;;
esac
`;

test("launchd loads an agent, reads it anew, and lets it go", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "launchd-"));
  await writeFile(join(folder.path, "launchctl"), script, { mode: 0o755 });
  const run = programRunner({ PATH: `${folder.path}:${process.env["PATH"]}` });
  const manager = launchd({ name: "local.ampx", file: "/a/b.plist" }, 501, run);

  expect(await manager.look()).toEqual({ enabled: false, active: false, detail: "not loaded" });
  await manager.enable({ start: true });
  expect(await manager.look()).toEqual({ enabled: true, active: true, detail: "running" });
  await manager.enable({ start: true });
  await manager.disable();
  await manager.disable();
  const calls = (await readFile(join(folder.path, "calls"), "utf8")).trim().split("\n");
  expect(calls.filter((call) => !call.startsWith("print"))).toEqual([
    "enable gui/501/local.ampx",
    "bootstrap gui/501 /a/b.plist",
    "bootout gui/501/local.ampx",
    "enable gui/501/local.ampx",
    "bootstrap gui/501 /a/b.plist",
    "bootout gui/501/local.ampx",
  ]);

  await writeFile(join(folder.path, "broken"), "");
  await expect(manager.enable({ start: true })).rejects.toMatchObject({
    message: expect.stringContaining("Domain does not support specified action"),
    tryThis: expect.stringContaining("not over SSH"),
  });
});

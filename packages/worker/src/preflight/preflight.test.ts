import { mkdir, mkdtemp, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { markedProcesses } from "../process-tree.ts";
import { localPreflight } from "./index.ts";

const secret = "tok-0123456789abcdef";

async function place(commands: string[], timeoutMs = 30_000) {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "ampx-preflight-")));
  const run = {
    cwd: folder,
    tmp: join(folder, "tmp"),
    mark: `mark:${folder}`,
    logFile: join(folder, "log"),
  };
  await mkdir(run.tmp);
  const env = { ...process.env, API_TOKEN: secret };
  const checks = localPreflight({ commands, timeoutMs, env, secrets: [secret] });
  return {
    run: (signal = AbortSignal.timeout(30_000)) => checks.run(run, signal),
    log: () => readFile(run.logFile, "utf8"),
    left: () => markedProcesses(run.mark),
    folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

test("all that pass are told as passed, with what they printed in order", async () => {
  await using checks = await place(["echo one; pwd", "echo $TMPDIR >&2; echo $API_TOKEN."]);
  expect(await checks.run()).toEqual({ is: "passed" });
  const { folder } = checks;
  expect(await checks.log()).toBe(
    `$ echo one; pwd\none\n${folder}\n$ echo $TMPDIR >&2; echo $API_TOKEN.\n${folder}/tmp\n.\n`,
  );
});

test("the first that fails ends them, with its exit code in the log and no secret", async () => {
  await using checks = await place(["true", `echo 'it is ${secret}'; exit 3`, "echo never"]);
  expect(await checks.run()).toMatchObject({
    is: "failed",
    command: expect.stringContaining("exit 3"),
  });
  const log = await checks.log();
  expect(log).toContain("ended with exit code 3]");
  expect(log).not.toContain("never\n");
  expect(log).not.toContain(secret);
});

test("one that takes too long, or leaves something running, is ended with all of it", async () => {
  await using slow = await place(["(setsid sleep 600 &) ; sleep 600"], 700);
  expect(await slow.run()).toMatchObject({ is: "failed" });
  expect(await slow.log()).toContain("did not end in time");
  expect(await slow.left()).toEqual([]);

  await using daemon = await place(["(setsid sleep 600 &) ; true"]);
  expect(await daemon.run()).toEqual({ is: "passed" });
  expect(await daemon.left()).toEqual([]);
});

test("an abort ends it at once", async () => {
  await using checks = await place(["(setsid sleep 600 &) ; sleep 600"]);
  const stop = new AbortController();
  const run = checks.run(stop.signal);
  setTimeout(() => stop.abort(new Error("enough")), 300);
  await expect(run).rejects.toThrow("enough");
  expect(await checks.left()).toEqual([]);
});

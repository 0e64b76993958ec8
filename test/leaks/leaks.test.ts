import { spawnSync } from "node:child_process";
import { mkdtempDisposableSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { isRunning } from "../left-processes.ts";

const fixtures = fileURLToPath(new URL("fixtures", import.meta.url));
const vitest = fileURLToPath(new URL("../../node_modules/vitest/vitest.mjs", import.meta.url));

interface Report {
  readonly testResults: { name: string; status: string; message: string }[];
}

test("fails exactly the test files that leave a file, a process or a socket, and ends the process", async () => {
  const { testResults } = runFixtures();

  const verdicts = Object.fromEntries(
    testResults.map(({ name, ...rest }) => [name.slice(fixtures.length + 1), rest]),
  );
  const failed = (what: RegExp) =>
    expect.objectContaining({ status: "failed", message: expect.stringMatching(what) });
  expect(verdicts).toEqual({
    "clean.leaky.ts": expect.objectContaining({ status: "passed", message: "" }),
    "daemon.leaky.ts": failed(/left behind:\n {2}process \d+: sleep 300$/),
    "file.leaky.ts": failed(/left behind:\n {2}file .*\/forgotten-\w+$/),
    "server.leaky.ts": failed(/left behind:\n {2}open socket: TCPServerWrap$/),
  });
  const [, pid] = /process (\d+)/.exec(verdicts["daemon.leaky.ts"]?.message ?? "") ?? [];
  await expect.poll(() => isRunning(Number(pid))).toBe(false);
});

function runFixtures(): Report {
  using folder = mkdtempDisposableSync(join(tmpdir(), "leaks-"));
  const outputFile = join(folder.path, "report.json");
  const args = [
    vitest,
    "run",
    "--config",
    `${fixtures}/vitest.config.ts`,
    "--reporter=json",
    `--outputFile=${outputFile}`,
  ];
  const run = spawnSync(process.execPath, args, { cwd: fixtures, encoding: "utf8" });
  expect(run.status, run.stderr).toBe(1);
  return JSON.parse(readFileSync(outputFile, "utf8")) as Report;
}

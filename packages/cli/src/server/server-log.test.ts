import { mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { serverLog } from "./server-log.ts";

test.runIf(process.platform === "linux")(
  "a full disk ends nothing: what is lost is echoed, and counted once there is room",
  () => {
    using folder = temporaryFolder();
    symlinkSync("/dev/full", folder.file);
    const echoed: string[] = [];
    const log = logTo(folder.file, echoed);
    log("worker", "one\ntwo\n");
    log("api", "three");
    expect(echoed.map((line) => line.slice(25))).toEqual([
      "worker one\n1970-01-01T00:00:00.000Z worker two\n",
      expect.stringMatching(/^ampx {3}the log cannot be written: ENOSPC/),
      "api    three\n",
    ]);
    rmSync(folder.file);
    log("api", "four");
    log("api", "five");
    expect(linesIn(folder.file)).toEqual([
      "ampx   3 lines could not be written here",
      "api    four",
      "api    five",
    ]);
  },
);

test("a log that cannot be looked at or written is no reason to throw", () => {
  using folder = temporaryFolder();
  mkdirSync(folder.file);
  const log = logTo(folder.file);
  log("api", "lost");
  rmdirSync(folder.file);
  log("api", "kept");
  expect(linesIn(folder.file)).toEqual(["ampx   1 line could not be written here", "api    kept"]);
});

test("of a long log two files are kept", () => {
  using folder = temporaryFolder();
  const log = logTo(folder.file, [], 80);
  for (const text of ["one", "two", "three"]) log("api", text);
  expect(linesIn(folder.file)).toEqual(["api    three"]);
  expect(linesIn(`${folder.file}.1`)).toEqual(["api    one", "api    two"]);
});

function logTo(file: string, echoed: string[] = [], maxBytes = 1_000_000) {
  return serverLog({
    file,
    maxBytes,
    redact: (text) => text,
    now: () => 0,
    echo: (line) => echoed.push(line),
  });
}

function linesIn(file: string): string[] {
  return readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => line.replace("1970-01-01T00:00:00.000Z ", ""));
}

function temporaryFolder() {
  const path = mkdtempSync(join(tmpdir(), "server-log-"));
  return {
    file: join(path, "server.log"),
    [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }),
  };
}

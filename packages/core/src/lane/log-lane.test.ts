import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { Failure } from "../log/failure.ts";
import { logReader } from "../log/read-log.ts";
import { laneReader, type LogLane } from "./log-lane.ts";

const laneNames = ["code", "infrastructure", "cancelled", "configuration"] as const;
const Case = z.object({
  name: z.string(),
  lane: z.enum(laneNames).optional(),
  failures: z.array(Failure).optional(),
  log: z.string(),
});

/** Written with the rules in mind. */
const known = laneNames.flatMap((lane) =>
  casesIn(`${lane}.yaml`).map((one) => Object.assign(one, { lane })),
);
/** Written while the rules stood still, from other programs' words; what the rules missed then has been added since. */
const unseen = casesIn("unseen.yaml").map((one) =>
  Object.assign(one, { lane: one.lane ?? "code" }),
);

function casesIn(file: string): z.infer<typeof Case>[] {
  return z
    .array(Case)
    .parse(parse(readFileSync(join(import.meta.dirname, "fixtures", file), "utf8")));
}

function laneOfLog(log: string, failures?: readonly Failure[]): LogLane {
  const reader = laneReader();
  const lines = log.split("\n").filter((line) => line !== "");
  for (const line of lines) reader.line(line);
  // What the log's tools find when none of them knows the log.
  return reader.end(
    failures ?? [{ tool: "shell", kind: "command", message: lines.at(-1)?.slice(0, 300) ?? "" }],
  );
}

describe("the lane of a log", () => {
  test.for([...known, ...unseen])("$lane: $name", ({ log, failures, lane }) => {
    const found = laneOfLog(log, failures);
    expect(found).toMatchObject({ lane });
    expect(found.evidence === "").toBe(lane === "code");
    expect(found.reason).not.toBe("");
  });

  test("is right for every log of the fixtures", () => {
    const table = Object.fromEntries(
      laneNames.map((expected) => [
        expected,
        Object.fromEntries(laneNames.map((found) => [found, 0])),
      ]),
    );
    for (const { log, failures, lane } of [...known, ...unseen]) {
      const row = table[lane] ?? {};
      const found = laneOfLog(log, failures).lane;
      row[found] = (row[found] ?? 0) + 1;
    }
    expect(table).toMatchInlineSnapshot(`
      {
        "cancelled": {
          "cancelled": 12,
          "code": 0,
          "configuration": 0,
          "infrastructure": 0,
        },
        "code": {
          "cancelled": 0,
          "code": 42,
          "configuration": 0,
          "infrastructure": 0,
        },
        "configuration": {
          "cancelled": 0,
          "code": 0,
          "configuration": 34,
          "infrastructure": 0,
        },
        "infrastructure": {
          "cancelled": 0,
          "code": 0,
          "configuration": 0,
          "infrastructure": 73,
        },
      }
    `);
  });

  test("stays the same with the carriage of a real log around it", () => {
    const before = Array.from({ length: 500 }, (_, n) => `Download chunk ${n} of 500`);
    for (const { log, failures, lane, name } of known) {
      if (!log.includes("##[error]")) continue;
      const after = [
        "Post job cleanup.",
        "[command]/usr/bin/git version",
        "git version 2.53.0",
        "Cleaning up orphan processes",
      ];
      const whole = [...before, log, ...after].join("\n");
      expect(laneOfLog(whole, failures).lane, name).toBe(lane);
    }
  });
});

describe("the order of a log", () => {
  const lost = "npm error code ECONNRESET";
  const exit = "##[error]Process completed with exit code 1.";

  test("a step that ended well takes back what it said", () => {
    expect(laneOfLog(["##[group]Run npm ci", "##[endgroup]", lost, exit].join("\n")).lane).toBe(
      "infrastructure",
    );
    expect(
      laneOfLog([lost, "##[group]Run ./check", "##[endgroup]", "check failed", exit].join("\n"))
        .lane,
    ).toBe("code");
  });

  test("a retry counts right before the end only", () => {
    const retry = "WARNING: Retrying (Retry(total=0)) after connection broken";
    const work = Array.from({ length: 50 }, (_, n) => `building ${n}`);
    expect(laneOfLog([retry, exit].join("\n")).lane).toBe("infrastructure");
    expect(laneOfLog([retry, ...work, exit].join("\n")).lane).toBe("code");
  });

  test("what gave up counts although programs beside it went on for a while", () => {
    const work = Array.from({ length: 150 }, (_, n) => `web:build: chunk ${n}`);
    expect(laneOfLog([lost, ...work, exit].join("\n")).lane).toBe("infrastructure");
    expect(laneOfLog([lost, ...work, ...work, exit].join("\n")).lane).toBe("code");
  });

  test("the first words of the failed step are the evidence, not their echo", () => {
    const found = laneOfLog(
      [
        "curl: (6) Could not resolve host: get.tool.dev",
        "x.sh: line 2: buf: command not found",
        exit,
      ].join("\n"),
    );
    expect(found).toMatchObject({
      lane: "infrastructure",
      evidence: "curl: (6) Could not resolve host: get.tool.dev",
    });
  });

  test("a host in the lines above makes an error of the network one of the registry", () => {
    const about = (host: string): string =>
      [`Resolving ${host}/widgets`, "  (attempt took 3 s)", "Error: read ECONNRESET", exit].join(
        "\n",
      );
    expect(laneOfLog(about("https://registry.npmjs.org")).lane).toBe("infrastructure");
    expect(laneOfLog(about("http://localhost:4873")).lane).toBe("code");
  });

  test("a warning is no giving up, and what gave up is told first", () => {
    const warning = "warning: unable to fetch https://pypi.org/simple/x: Read timed out, retrying";
    const work = Array.from({ length: 50 }, (_, n) => `building ${n}`);
    expect(laneOfLog([warning, ...work, exit].join("\n")).lane).toBe("code");
    expect(laneOfLog([warning, lost, exit].join("\n")).evidence).toBe(lost);
  });

  test("what the runner does after a job says nothing about it", () => {
    expect(laneOfLog([lost, "Post job cleanup.", "##[error]cleanup failed"].join("\n")).lane).toBe(
      "code",
    );
  });

  test("evidence is one short line", () => {
    const found = laneOfLog(`npm error code ECONNRESET ${"x".repeat(5_000)}\n${exit}`);
    expect(found.evidence.length).toBe(300);
    expect(found.lane).toBe("infrastructure");
  });
});

describe("the end of a job by its runner", () => {
  const failed: Failure = { tool: "x", kind: "test", message: "boom" };
  const exit = "##[error]Process completed with exit code 1.";
  const shutdown = "##[error]The runner has received a shutdown signal.";
  const cancel = "##[error]The operation was canceled.";
  const superseded = "##[error]Canceling since a higher priority waiting request for 'ci' exists";

  test.for([
    [[exit, shutdown], "code"],
    [[exit, cancel], "code"],
    [[exit, "##[error]Failed to CreateArtifact: Unexpected HTTP response: 503"], "code"],
    [["##[error]Failed to CreateArtifact: Unexpected HTTP response: 503"], "infrastructure"],
    [[shutdown, exit], "infrastructure"],
    [[shutdown, cancel], "infrastructure"],
    [[cancel, shutdown], "infrastructure"],
    [[cancel], "cancelled"],
    [[exit, superseded, cancel], "cancelled"],
    [[superseded, shutdown], "cancelled"],
  ] as const)("with a failed test before: %j is %s", ([lines, lane]) => {
    expect(laneOfLog(["FAIL boom", ...lines].join("\n"), [failed]).lane).toBe(lane);
  });
});

describe("failures of the tools", () => {
  const log = [
    "E: Failed to fetch http://deb.debian.org/x.deb  503  Service Unavailable",
    "##[error]Process completed with exit code 1.",
  ].join("\n");
  const failure = (more: Partial<Failure>): Failure => ({
    tool: "x",
    kind: "test",
    message: "boom",
    ...more,
  });

  test.for([
    [failure({}), "code"],
    [failure({ kind: "type" }), "code"],
    [failure({ kind: "crash" }), "code"],
    [failure({ kind: "build", file: "src/a.c" }), "code"],
    [failure({ kind: "build", file: "Dockerfile" }), "infrastructure"],
    [failure({ kind: "build" }), "infrastructure"],
    [failure({ kind: "dependency" }), "infrastructure"],
    [failure({ kind: "command" }), "infrastructure"],
    [failure({ message: "OSError: [Errno 28] No space left on device" }), "infrastructure"],
    [
      failure({ message: "requests.HTTPError: 502 Bad Gateway for https://pypi.org/simple" }),
      "infrastructure",
    ],
    [failure({ message: "expected 502 Bad Gateway from https://pypi.org to be retried" }), "code"],
    [failure({ message: "connect ECONNREFUSED 127.0.0.1:5432" }), "code"],
  ] as const)("%j makes the same log %s", ([one, lane]) => {
    expect(laneOfLog(log, [one]).lane).toBe(lane);
  });

  test("one failure of the code is enough", () => {
    const disk = failure({ message: "No space left on device" });
    expect(laneOfLog(log, [disk, failure({})]).lane).toBe("code");
  });
});

describe("any input", () => {
  const pieces = [...known, ...unseen].flatMap(({ log }) => log.split("\n"));

  test("never makes it throw", () => {
    let seed = 7;
    const next = (below: number): number =>
      (seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0) % below;
    for (let round = 0; round < 300; round++) {
      const reader = laneReader();
      for (let n = next(40); n >= 0; n--) {
        const piece = pieces[next(pieces.length)] ?? "";
        const cut = next(piece.length + 1);
        const noise = String.fromCharCode(next(0x10000), 0xd800, 0, next(128));
        reader.line(next(3) === 0 ? piece : piece.slice(0, cut) + noise + piece.slice(cut));
      }
      const found = reader.end([]);
      expect(laneNames).toContain(found.lane);
      expect(found.evidence.length).toBeLessThanOrEqual(300);
      expect(found.evidence.isWellFormed()).toBe(true);
      expect(found.evidence).not.toContain("\n");
    }
  });

  test("an empty log is the code's", () => {
    expect(laneReader().end([])).toEqual({
      lane: "code",
      reason: "nothing else is to blame",
      evidence: "",
    });
  });

  test("a line of a million characters is looked at in no time", () => {
    const reader = laneReader();
    for (const piece of ["npm error code ", "##[error]", "Failed to fetch https://", " "])
      reader.line(piece.repeat(1_000_000 / piece.length));
    expect(reader.end([]).evidence.length).toBeLessThanOrEqual(300);
  });
});

test("with the failures that the log's own tools find, the lane is the same", () => {
  for (const { name, log, lane } of [...known, ...unseen]) {
    const reader = logReader();
    reader.push(log);
    expect(reader.end().lane.lane, name).toBe(lane);
  }
});

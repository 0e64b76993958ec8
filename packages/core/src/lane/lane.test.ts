import { describe, expect, test } from "vitest";
import { type Failure, fingerprint } from "../log/failure.ts";
import { Lane, laneOf, laneWords, type RedRun } from "./lane.ts";

const inTypeScript: Failure = {
  tool: "vitest",
  kind: "test",
  test: "cart > adds",
  file: "src/cart.test.ts",
  line: 4,
  message: "expected 1 to be 2",
};
const inPython: Failure = {
  tool: "pytest",
  kind: "test",
  test: "tests/test_a.py::test_a",
  file: "tests/test_a.py",
  message: "assert 1 == 2",
};
const timedOut: Failure = {
  tool: "github",
  kind: "timeout",
  message: "timed out after 10 minutes",
};
const code = {
  lane: "code",
  reason: "the project's own tools report failures",
  evidence: "",
} as const;
const red: RedRun = {
  log: code,
  failures: [inTypeScript],
  changed: ["src/cart.ts"],
  base: { is: "passed", fingerprints: [], everSeen: [] },
  greenBefore: false,
  rerunDone: false,
  acceptsRedBase: false,
};
const seen = [fingerprint(inTypeScript)];

function laneFor(more: Partial<RedRun>): Lane {
  return laneOf({ ...red, ...more }).lane;
}

describe("whose failure a red run is", () => {
  test("the code's, unless something says otherwise", () => {
    expect(laneOf(red)).toEqual({ lane: "code", reason: code.reason, evidence: "" });
    expect(laneFor({ failures: [] })).toBe("code");
  });

  test.for(["infrastructure", "cancelled", "configuration"] as const)(
    "%s when the log says so, whatever else is known",
    (lane) => {
      const log = { lane, reason: "r", evidence: "e" };
      const base = { is: "failed", fingerprints: seen, everSeen: seen } as const;
      for (const rerunDone of [false, true])
        expect(laneOf({ ...red, log, base, rerunDone, greenBefore: true })).toEqual(log);
    },
  );

  test.for([
    [".github/workflows/ci.yml", "code"],
    ["package.json", "code"],
    ["docker/api.Dockerfile", "code"],
    ["src/cart.ts", "configuration"],
    ["docs/github.md", "configuration"],
  ] as const)("a broken setup of CI after a change of %s is a matter of %s", ([path, lane]) => {
    const log = { lane: "configuration", reason: "r", evidence: "e" } as const;
    expect(laneFor({ log, changed: [path, "README.md"] })).toBe(lane);
  });

  test("the base branch's when it fails in every one of these ways and nobody accepted that", () => {
    const base = {
      is: "failed",
      fingerprints: [...seen, "0123456789abcdef"],
      everSeen: [],
    } as const;
    expect(laneOf({ ...red, base })).toEqual({
      lane: "base_is_red",
      reason: "every failure is one of the base branch, too",
      evidence: "cart > adds: expected 1 to be 2",
    });
    expect(laneFor({ base, acceptsRedBase: true })).toBe("code");
    expect(laneFor({ base, failures: [inTypeScript, inPython] })).toBe("code");
    expect(laneFor({ base, failures: [] })).toBe("code");
    expect(laneFor({ base: { ...base, is: "passed" } })).toBe("code");
  });

  test("perhaps nobody's when this commit was green before, and after a re-run the code's", () => {
    expect(laneFor({ greenBefore: true })).toBe("flaky");
    expect(laneFor({ greenBefore: true, rerunDone: true })).toBe("code");
  });

  test("perhaps nobody's when the base branch, green now, failed like this before", () => {
    const base = { is: "passed", fingerprints: [], everSeen: seen } as const;
    expect(laneFor({ base })).toBe("flaky");
    expect(laneFor({ base, rerunDone: true })).toBe("code");
    expect(laneFor({ base, failures: [inTypeScript, { ...inTypeScript, test: "new" }] })).toBe(
      "code",
    );
    expect(laneFor({ base: { ...base, is: "failed" } })).toBe("code");
    expect(laneFor({ base: { ...base, is: "unknown" } })).toBe("code");
  });

  test("perhaps nobody's when all of it ran into a time limit", () => {
    expect(laneFor({ failures: [timedOut] })).toBe("flaky");
    expect(laneFor({ failures: [timedOut, inTypeScript] })).toBe("code");
    expect(laneFor({ failures: [timedOut], rerunDone: true })).toBe("code");
  });

  test("tells every reason to hope for a re-run once", () => {
    const failures = [timedOut, inPython, { ...inPython, test: "other" }];
    expect(laneOf({ ...red, failures })).toMatchObject({
      lane: "flaky",
      reason: "it ran into a time limit; the change does not touch what fails",
    });
  });
});

describe("a failure that the change cannot have made", () => {
  const noFile: Failure = { tool: "go", kind: "test", message: "boom" };
  const lint: Failure = { tool: "prettier", kind: "format", message: "not formatted" };

  test.for([
    [["src/cart.ts"], inPython, "flaky"],
    [["src/cart.ts"], inTypeScript, "code"],
    [["web/view.jsx"], inTypeScript, "code"],
    [["README.md", "docs/shot.png"], inTypeScript, "flaky"],
    [["README.md"], noFile, "flaky"],
    [["README.md"], lint, "code"],
    [["README.md"], { ...lint, file: "README.md" }, "code"],
    [["README.md"], { ...noFile, kind: "command" }, "code"],
    [["src/cart.ts"], noFile, "code"],
    [["src/cart.ts", "pnpm-lock.yaml"], inPython, "code"],
    [["src/cart.ts", ".github/workflows/ci.yml"], inPython, "code"],
    [["src/cart.ts", "data/prices.json"], inPython, "code"],
    [["native/fast.rs"], inPython, "code"],
    [["native/fast.c"], inPython, "code"],
    [["vitest.config.ts"], inPython, "code"],
    [["requirements.txt"], inTypeScript, "code"],
    [["tests/conftest.py"], inTypeScript, "code"],
    [["Dockerfile"], inTypeScript, "code"],
    [["src/cart.ts"], { ...inPython, file: "crates/a/src/lib.rs" }, "flaky"],
    [[], inPython, "code"],
  ] as const)("a change of %j and %j: %s", ([changed, failure, lane]) => {
    expect(laneFor({ changed, failures: [failure] })).toBe(lane);
  });
});

test("every lane has its words and its next step", () => {
  expect(Object.keys(laneWords).toSorted()).toEqual(Lane.options.toSorted());
  for (const { words, next } of Object.values(laneWords))
    expect(`${words}; ${next}`).not.toMatch(/[.]$/);
});

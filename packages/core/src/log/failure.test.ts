import { describe, expect, test } from "vitest";
import { type Failure, fingerprint } from "./failure.ts";

const failure: Failure = {
  tool: "jest",
  kind: "test",
  test: "cart > adds",
  file: "src/cart.test.ts",
  line: 7,
  message: "expected 31 to be 30",
};

describe("fingerprint", () => {
  test("is 16 hex digits, and the same for the same failure", () => {
    expect(fingerprint(failure)).toMatch(/^[0-9a-f]{16}$/);
    expect(fingerprint({ ...failure })).toBe(fingerprint(failure));
  });

  test("does not depend on the line", () => {
    expect(fingerprint({ ...failure, line: 99 })).toBe(fingerprint(failure));
  });

  test.each([
    ["times", "took 1.25s, more than 200 ms", "took 3.5s, more than 1200 ms"],
    ["dates", "at 2026-11-20T09:14:05.123Z", "at 2027-01-02T21:00:00Z"],
    ["addresses", "<Cart object at 0x7f3de0f6bfd0>", "<Cart object at 0x7fffabc12340>"],
    [
      "UUIDs",
      "no run 3f0c9a52-0d7e-4a36-9a0c-1f2f6f3c1a11",
      "no run 9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d",
    ],
    ["ULIDs", "task 01JCXA3T5W2V8Q4R6Y7Z9K1M3N", "task 01JD0B4V6X3W9R5S7Z8A1M2N4P"],
    ["commits", "cannot find 9a62e8d2257e", "cannot find 66a1ac3722f9"],
    [
      "temporary folders",
      "open /tmp/pytest-of-ci/pytest-0/a.db",
      "open /tmp/pytest-of-me/pytest-7/a.db",
    ],
    [
      "temporary folders of macOS",
      "open /var/folders/ab/cd/T/x1/a.db",
      "open /private/var/folders/zz/yy/T/x2/a.db",
    ],
    ["ports", "connect ECONNREFUSED 127.0.0.1:45123", "connect ECONNREFUSED 127.0.0.1:33999"],
    ["process ids", "worker process 4711 died", "worker process 12 died"],
    ["lines of places", "cart.ts:3:7 is odd", "cart.ts:44:1 is odd"],
    ["checkouts", "no /home/ann/trees/02/src/a.ts", "no /srv/trees/01/src/a.ts"],
    ["blanks", "expected   1", "expected 1"],
  ])("does not depend on %s", (_, one, other) => {
    expect(fingerprint({ ...failure, message: one })).toBe(
      fingerprint({ ...failure, message: other }),
    );
  });

  test.each<[string, Partial<Failure>]>([
    ["tool", { tool: "mocha" }],
    ["kind", { kind: "timeout" }],
    ["test", { test: "cart > subtracts" }],
    ["file", { file: "src/basket.test.ts" }],
    ["asserted values", { message: "expected 32 to be 30" }],
    ["message", { message: "cannot read 31 of 30" }],
  ])("differs for another %s", (_, other) => {
    expect(fingerprint({ ...failure, ...other })).not.toBe(fingerprint(failure));
  });

  test("knows a file again that was checked out elsewhere", () => {
    expect(fingerprint({ ...failure, file: "/home/ann/trees/01/src/cart.test.ts" })).toBe(
      fingerprint({ ...failure, file: "/srv/x/src/cart.test.ts" }),
    );
  });

  test("keeps twenty thousand failures apart", () => {
    const marks = new Set<string>();
    for (let n = 0; n < 20_000; n++)
      marks.add(
        fingerprint({ tool: "x", kind: "test", test: `test ${n % 999} of ${n}`, message: "no" }),
      );
    expect(marks.size).toBe(20_000);
  });
});

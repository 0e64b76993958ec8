import { expect, test } from "vitest";
import { withEvidence } from "./with-evidence.ts";

const reason = "the runner's disk is full";

test.for([
  ["", reason],
  ["No space left on device", `${reason} ("No space left on device")`],
  ["##[error]No space left on device", `${reason} ("No space left on device")`],
  ["cp: a:\tNo space\n\u0007left ", `${reason} ("cp: a: No space left")`],
  [`x${"y".repeat(300)}`, `${reason} ("x${"y".repeat(98)}…")`],
] as const)("of %j it says %j", ([evidence, told]) => {
  expect(withEvidence({ reason, evidence })).toBe(told);
});

import { bareLine } from "../log/bare-line.ts";
import { oneLine } from "../one-line.ts";

/** Why a red is in its lane, in one line with what shows it: `the runner's disk is full ("No space left on device")`. */
export function withEvidence({ reason, evidence }: { reason: string; evidence: string }): string {
  const line = oneLine(bareLine(evidence), { maxChars: 100 });
  return line === "" ? reason : `${reason} ("${line}")`;
}

import type { Failure } from "./failure.ts";
import { logReader } from "./read-log.ts";

/** What failed, of a log that is at hand as a whole. See `LogReading.failures`. */
export function failures(log: string | Uint8Array): readonly Failure[] {
  const reader = logReader();
  reader.push(log);
  return reader.end().failures;
}

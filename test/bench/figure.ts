import type { Finding } from "./finding.ts";

/** One thing that is promised to be fast or small. */
export interface Figure {
  /** For `--only`. */
  name: string;
  /** Measures in this folder, which is empty and its own. Leaves no process; throws the signal's reason when it aborts. */
  run(folder: string, signal: AbortSignal): Promise<Finding[]>;
}

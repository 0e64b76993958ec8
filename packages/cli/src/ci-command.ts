import { join } from "node:path";

/** The command line that runs `ampx ci run`, without its arguments: for hooks, which outlive this process. */
export function ciCommand(): string[] {
  return [process.execPath, join(import.meta.dirname, "..", "bin", "ampx.js"), "ci", "run"];
}

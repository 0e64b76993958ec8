import { flushCompileCache } from "node:module";

/** Saves what was compiled as soon as everything is loaded: by itself Node does it at the end of the process, which for a server may never come. */
export function keepCompiled(): void {
  setTimeout(() => flushCompileCache(), 1_000).unref();
}

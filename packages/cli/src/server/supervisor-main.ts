import { programOptions } from "./program-options.ts";
import { startFailure } from "./start-failure.ts";
import { supervise, type SupervisorMessage } from "./supervise.ts";

// The entry point of the server: what `ampx serve` starts, without oclif and everything else that would stay in memory.
// Whoever starts it imports it first, see `start-server.ts`, and that must run nothing.
if (process.argv[1] === import.meta.filename) await runSupervisor();

async function runSupervisor(): Promise<void> {
  const options = programOptions(process.argv.slice(2));
  const ending = new AbortController();
  process.on("SIGTERM", () => ending.abort());
  process.on("SIGINT", () => ending.abort());
  // In the background it outlives the terminal it was started from; in front it ends with it.
  process.on("SIGHUP", () => options.attached && ending.abort());
  process.on("disconnect", () => options.attached && ending.abort());

  const tell = (message: SupervisorMessage): void => {
    // Whoever started it may have gone.
    if (process.connected) process.send?.(message, () => undefined);
  };

  try {
    await supervise(options, ending.signal, tell);
  } catch (error) {
    tell({ is: "failed", failure: startFailure(error) });
    process.exitCode = 1;
  }
  if (process.connected) process.disconnect();
}

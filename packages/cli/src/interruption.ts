import { exitCodes } from "./exit-codes.ts";
import { Ended } from "./report-failure.ts";

/**
 * A signal that aborts on Ctrl-C, on SIGTERM and when the terminal goes, with what to exit with as its reason. As long as it
 * is not disposed of, those do not end the process by themselves; a second Ctrl-C does.
 */
export function interruption(): { signal: AbortSignal } & Disposable {
  const controller = new AbortController();
  const onInterrupt = () => stop(exitCodes.interrupted);
  const onTerminate = () => stop(exitCodes.terminated);
  process.once("SIGINT", onInterrupt);
  process.once("SIGTERM", onTerminate);
  process.once("SIGHUP", onTerminate);
  return { signal: controller.signal, [Symbol.dispose]: forget };

  function stop(exitCode: number): void {
    controller.abort(new Ended(exitCode));
    forget();
  }

  function forget(): void {
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onTerminate);
    process.off("SIGHUP", onTerminate);
  }
}

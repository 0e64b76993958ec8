import { UserError } from "@ampx/core/user-error";
import { type StartFailure, startFailure } from "./start-failure.ts";

/** What the parts of a server tell each other over their channels. */
export type ServerMessage =
  /** The API answers here. */
  | { is: "listening"; url: string }
  /** The part cannot run as things are, and starting it again would not help. */
  | { is: "failed"; failure: StartFailure };

/**
 * Runs a part of the server until it is asked to end: by SIGTERM or SIGINT, or because the supervisor is gone (its channel
 * closes whatever killed it). A `UserError` before `ready` is told to the supervisor; anything else ends the process loudly.
 */
export async function runSupervised(
  part: (signal: AbortSignal, tell: (message: ServerMessage) => void) => Promise<void>,
): Promise<void> {
  const ending = new AbortController();
  const end = () => {
    ending.abort();
    // Whatever hangs now must not keep a process that nobody watches.
    setTimeout(() => process.exit(1), 20_000).unref();
  };
  process.on("SIGTERM", end);
  process.on("SIGINT", end);
  process.on("disconnect", end);
  const tell = (message: ServerMessage) => void process.send?.(message);
  try {
    await part(ending.signal, tell);
  } catch (error) {
    if (error instanceof UserError) tell({ is: "failed", failure: startFailure(error) });
    console.error(error);
    process.exitCode = 1;
  }
  process.off("disconnect", end);
  if (process.connected) process.disconnect();
}

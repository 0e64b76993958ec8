import { TransientError } from "@ampx/core";
import type { Response } from "express";

/** Aborts when the client has gone or the server ends. */
export function stillAsking(
  res: Response,
  closing: AbortSignal,
): Disposable & { signal: AbortSignal } {
  const gone = new AbortController();
  const leave = () => gone.abort(new TransientError("The server is about to end"));
  res.once("close", leave);
  closing.addEventListener("abort", leave, { once: true });
  if (closing.aborted || res.closed) leave();
  return {
    signal: gone.signal,
    [Symbol.dispose]: () => {
      res.off("close", leave);
      closing.removeEventListener("abort", leave);
    },
  };
}

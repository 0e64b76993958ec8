/** The world did not answer as it should, and may later: tried again with a growing pause, never charged as an attempt. */
export class TransientError extends Error {
  override readonly name = "TransientError";
}

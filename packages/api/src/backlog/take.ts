/**
 * What became of a file of tickets. `waiting`: it cannot be taken as things stand, such as before a ticket that it depends on; it is put back and tried
 * again at the next scan, and after each other file that is taken.
 */
export type Taken =
  | { is: "taken" }
  | { is: "rejected"; problems: string }
  | { is: "waiting"; reason: string };

/**
 * Takes the tickets of one file. `file` is its name as it may be shown. Called at least once for each file, and again after a crash, so it must be a
 * no-op for what it took before. Throws a `TransientError` for "leave it, and try again", a `UserError` for "reject it with these words".
 */
export type Take = (project: string, file: string, bytes: Uint8Array) => Promise<Taken>;

import { createInterface } from "node:readline";
import { acquireProcessLock } from "../process-lock.ts";

// A process for the tests of the lock. Each line on its stdin is a file to lock; answers "won" or "lost", holds what it won
// until the next line, and answers a line "die" by killing itself with what it holds.

let held: AsyncDisposable | undefined;
for await (const line of createInterface(process.stdin)) {
  if (line === "die") process.kill(process.pid, "SIGKILL");
  await held?.[Symbol.asyncDispose]();
  held = undefined;
  const lock = await acquireProcessLock(line);
  if (!("heldBy" in lock)) held = lock;
  process.stdout.write(held === undefined ? "lost\n" : "won\n");
}
await held?.[Symbol.asyncDispose]();

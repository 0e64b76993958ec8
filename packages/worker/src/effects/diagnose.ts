import { createReadStream } from "node:fs";
import { createExcerpt, type Sha } from "@ampx/core";
import type { TaskContext } from "../loop/task-context.ts";

/** What of a failing log goes back to the agent, over all failed jobs together. */
const maxChars = 4_000;

/** Reads the logs of what failed and records the part that goes back to the agent. */
export async function diagnose(context: TaskContext, sha: Sha): Promise<void> {
  const failures = await context.ports.ci.failures(sha, context.signal);
  const parts: string[] = [];
  for (const { job, file } of failures) {
    const share = Math.floor(maxChars / failures.length);
    const heading = failures.length > 1 ? `${job}:\n` : "";
    parts.push(heading + (await excerptOf(file, share - heading.length - 1, context.signal)));
  }
  // A run that a hook started knew fewer secrets than the worker does.
  const excerpt = context.redact(parts.join("\n")) || "CI is red, and left no log.";
  const log = failures.map(({ file }) => file).join(", ");
  for (const line of excerpt.split("\n")) context.log.add("ci", context.state.spent.attempts, line);
  await context.record({ type: "diagnosed", at: context.clock.now(), sha, excerpt, log });
}

async function excerptOf(file: string, chars: number, signal: AbortSignal): Promise<string> {
  const excerpt = createExcerpt({ maxChars: chars });
  for await (const chunk of createReadStream(file, { encoding: "utf8", signal }))
    excerpt.push(String(chunk));
  return excerpt.end();
}

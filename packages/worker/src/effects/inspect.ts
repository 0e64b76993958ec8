import { findSecret, findTampering, type Sha, type TamperPolicy } from "@ampx/core";
import type { TaskContext } from "../loop/task-context.ts";

/** Holds all that the branch changes against the gate's rules, and records what they find. */
export async function inspect(context: TaskContext, commit: Sha): Promise<void> {
  const { workspace, project, preflight } = context.ports;
  const { redact } = context;
  const { base, allowed, task } = context.state;
  if (base === null) throw new Error("a branch without a base");
  const diff = await workspace.diff(base, commit, context.signal);
  const findings = findTampering(diff, {
    policy: withProtected(project.gate, task.ticket?.protectedPaths ?? []),
    allowed,
    redact,
    sizes: hasBinaries(diff) ? await workspace.sizes(commit, context.signal) : new Map(),
    // What the redactor would take out is secret, too: it knows values that no form gives away.
    findSecret: (text) =>
      findSecret(text, []) ?? (redact(text) === text ? null : { kind: "known value" }),
  });
  await context.record({
    type: "inspected",
    at: context.clock.now(),
    commit,
    findings,
    preflight: preflight !== null,
  });
}

/** What the project protects, and what the ticket does. */
function withProtected(policy: TamperPolicy, paths: readonly string[]): TamperPolicy {
  return { ...policy, protected_paths: [...policy.protected_paths, ...paths] };
}

/** Sizes are looked up only where there may be something to weigh. */
function hasBinaries(diff: string | null): boolean {
  return diff !== null && /^Binary files /m.test(diff);
}

import { TransientError, type Sha } from "@ampx/core";
import type { PushResult } from "../ports.ts";
import { GitError, gitFailure } from "./git-failure.ts";
import { git, tryGit, type GitCall } from "./git.ts";
import { plainText } from "./plain-text.ts";

export interface PushOrder {
  /** The repository that holds the commit. */
  gitDir: string;
  /** Absolute path or address of the remote. */
  url: string;
  ref: string;
  commit: Sha;
  /** What the ref must hold now; null: it must not be there. */
  expected: Sha | null;
}

/**
 * Moves one ref of the remote, by what the remote holds before and after and not by what git says: a push whose answer got lost has
 * happened all the same. A declining hook's words come back as `detail`. Throws a `TransientError` when the remote could not be asked.
 */
export async function pushRef(
  order: PushOrder,
  call: Pick<GitCall, "signal" | "mark" | "outlives" | "env">,
): Promise<PushResult> {
  const here: GitCall = { ...call, cwd: order.gitDir, gitDir: order.gitDir };
  const before = await remoteTip(order, here);
  if (before === order.commit) return { is: "pushed" };
  if (before !== order.expected)
    return { is: "rejected", by: "moved", found: before, detail: moved(order, before) };
  const lease = `--force-with-lease=${order.ref}:${order.expected ?? ""}`;
  const push = await tryGit(
    [
      "push",
      "--porcelain",
      "--no-verify",
      // The hooks of a remote on this machine may start what outlives the task, such as CI: they do not carry its mark.
      ...(order.url.startsWith("/") ? ["--receive-pack=env -u AMPX_MARK git-receive-pack"] : []),
      lease,
      order.url,
      `${order.commit}:${order.ref}`,
    ],
    here,
  );
  const after = await remoteTip(order, here);
  if (after === order.commit) return { is: "pushed" };
  if (after !== order.expected)
    return { is: "rejected", by: "moved", found: after, detail: moved(order, after) };
  if (push.code === 0)
    throw new TransientError(`${order.url} took the push of ${order.ref} and does not show it`);
  const reason = /^!\t.*\t\[.*?\] \((.*)\)$/m.exec(push.stdout)?.[1];
  if (reason === undefined) throw gitFailure(["push"], push);
  const words = hookWords(push.stderr);
  if (mayPass(reason, push.stderr))
    throw new TransientError(`${order.url} did not take the push: ${reason} ${words}`.trim(), {
      cause: new GitError(["push"], push),
    });
  const detail = words === "" ? reason : `${reason}\n${words}`;
  return { is: "rejected", by: "declined", found: after, detail };
}

async function remoteTip({ url, ref }: PushOrder, here: GitCall): Promise<Sha | null> {
  const listing = await git(["ls-remote", "--quiet", url, ref], here);
  // The pattern also matches longer names that end like this one.
  const line = listing.split("\n").find((candidate) => candidate.endsWith(`\t${ref}`));
  return line === undefined ? null : line.slice(0, line.indexOf("\t"));
}

function moved({ ref, expected }: PushOrder, found: Sha | null): string {
  const name = ref.replace("refs/heads/", "");
  if (found === null)
    return `${name} is gone; ampx had pushed ${expected?.slice(0, 10)}, and ampx continue pushes it again`;
  return `${name} is at ${found.slice(0, 10)}, ${expected === null ? "where ampx expected no branch" : `where ampx had pushed ${expected.slice(0, 10)}`}`;
}

/** The remote's trouble rather than its decision. */
function mayPass(reason: string, stderr: string): boolean {
  if (/exists; cannot create/.test(stderr)) return false;
  return (
    /stale info|failed to update ref|unpacker error|failed to lock|unable to/i.test(reason) ||
    /no space left on device|\.lock': File exists/i.test(stderr)
  );
}

function hookWords(stderr: string): string {
  const words = stderr
    .split("\n")
    .filter((line) => line.startsWith("remote: "))
    .map((line) => line.slice("remote: ".length).trimEnd());
  return plainText(words.join("\n"), 2_000);
}

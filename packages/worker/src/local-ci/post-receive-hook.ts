import { lstat, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "@ampx/core";
import { writeDurably } from "./write-durably.ts";

/**
 * The post-receive hook of a bare repository: starts CI of each branch that a push moved and waits for nothing. `command` is the command line
 * of `ampx ci run`, without its arguments; where its files are gone, `ampx` on the PATH is taken. Never fails a push.
 */
export function postReceiveHook(command: string[]): string {
  const absolute = command.filter((word) => word.startsWith("/"));
  const there =
    absolute.length === 0 ? "false" : absolute.map((path) => `[ -e ${quoted(path)} ]`).join(" && ");
  return `#!/bin/sh
${signature}
# Starts CI of each branch that was pushed, in the background, and never fails a push. If it is killed, or cannot start anything,
# nothing is lost: the worker starts CI of a commit that has neither a verdict nor a live run.

repo=$(pwd -P)
marked=$(printf %s "$repo" | LC_ALL=C tr '[:space:]' _)

if ${there}; then
  set -- ${command.map(quoted).join(" ")}
elif command -v ampx >/dev/null 2>&1; then
  set -- ampx ci run
else
  set --
fi

# The run must not see this push: its pipes would keep the push waiting, its GIT_* would lead git astray, and its mark
# would end CI together with whoever pushed.
start() (
  for name in $(env | sed -n 's/^\\(GIT_[A-Za-z0-9_]*\\)=.*/\\1/p'); do unset "$name"; done
  AMPX_MARK="ampx-ci:$marked:$new"
  export AMPX_MARK
  if command -v setsid >/dev/null 2>&1; then set -- setsid "$@"; else set -- nohup "$@"; fi
  cd / && exec "$@" "$repo" "$ref" "$new" </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
)

while read -r _ new ref; do
  case $ref in refs/heads/*) ;; *) continue ;; esac
  # All zeros: the branch was deleted.
  case $new in *[!0]*) ;; *) continue ;; esac
  if [ $# -gt 0 ]; then
    start "$@"
  else
    echo "ampx: CI of $ref was not started: ampx is neither where it was nor on the PATH." >&2
    echo "ampx: The worker starts it later; ampx init installs the hook anew." >&2
  fi
done
exit 0
`;
}

/** Installs the hook, or brings it up to date. Throws a `UserError` where somebody else's hook stands already. */
export async function installHook(repo: string, command: string[]): Promise<void> {
  const file = join(repo, "hooks", "post-receive");
  const found = await lstat(file).catch((error: unknown) =>
    error instanceof Error && "code" in error && error.code === "ENOENT"
      ? null
      : Promise.reject(error),
  );
  if (found !== null && !(found.isFile() && (await readFile(file, "utf8")).includes(signature))) {
    throw new UserError(`${file} is somebody else's hook`, {
      kind: "conflict",
      tryThis: `leave it: ampx starts CI of its own pushes without a hook. Or rename it, install again, and call it from ${file}`,
    });
  }
  await mkdir(join(repo, "hooks"), { recursive: true });
  await writeDurably(file, postReceiveHook(command), 0o755);
}

/** By which a hook of ours is known. */
const signature = "# ampx: post-receive hook, version 1";

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

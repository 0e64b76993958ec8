export interface GitIdentity {
  name: string;
  email: string;
}

/** What git inherits. All else, `GIT_*` and secrets alike, stays with the worker: the repository's configuration may name commands to run. */
const inherited = new Set([
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "TMPDIR",
  "TMP",
  "TEMP",
  "TZ",
  "SSH_AUTH_SOCK",
  "XDG_CONFIG_HOME",
  "SYSTEMROOT",
]);

/** The environment of every git command: English messages, no questions, nothing of the caller's own `GIT_*`. */
export function gitEnvironment(call: {
  gitDir?: string;
  workTree?: string;
  mark?: string;
  identity?: GitIdentity;
}): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [key, value] of Object.entries(process.env)) {
    if (value !== undefined && inherited.has(key)) environment[key] = value;
  }
  return {
    ...environment,
    LC_ALL: "C",
    GIT_TERMINAL_PROMPT: "0",
    GCM_INTERACTIVE: "never",
    GIT_SSH_COMMAND: "ssh -o BatchMode=yes",
    GIT_EDITOR: ":",
    GIT_SEQUENCE_EDITOR: ":",
    GIT_PAGER: "cat",
    // No progress: nobody reads it, and a git that outlives its worker would end in the middle of its work when it writes to nobody.
    GIT_PROGRESS_DELAY: "1000000",
    GIT_MERGE_AUTOEDIT: "no",
    // What a commit holds is what is pushed of it: replacement objects and grafts would show something else here.
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_GRAFT_FILE: "/dev/null",
    ...(call.gitDir === undefined ? {} : { GIT_DIR: call.gitDir }),
    ...(call.workTree === undefined ? {} : { GIT_WORK_TREE: call.workTree }),
    ...(call.mark === undefined ? {} : { AMPX_MARK: call.mark }),
    ...(call.identity === undefined ? {} : identityVariables(call.identity)),
  };
}

/** The settings of every git command, which outrank what people and agents have configured. */
export function gitConfig(further: readonly string[]): string[] {
  return [...settings, ...further].flatMap((setting) => ["-c", setting]);
}

const settings = [
  "core.hooksPath=/dev/null",
  // A file system monitor is a process that outlives the command.
  "core.fsmonitor=false",
  "core.askPass=",
  "gc.auto=0",
  "maintenance.auto=false",
  // Worktrees that cannot be seen just now, from inside a container say, are not gone.
  "gc.worktreePruneExpire=never",
  "protocol.ext.allow=never",
  "protocol.file.allow=always",
  "commit.gpgSign=false",
  "push.gpgSign=false",
  "submodule.recurse=false",
  "fetch.recurseSubmodules=false",
  "push.recurseSubmodules=no",
  "push.followTags=false",
  "worktree.useRelativePaths=false",
  "init.defaultRefFormat=files",
  "rerere.enabled=false",
];

function identityVariables({ name, email }: GitIdentity): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
}

/** A tool that an agent wants to use and asks for. */
export interface PermissionRequest {
  /** The agent's own name of the tool. */
  tool: string;
  /** What it would do, as the agent tells it: a command line, or the tool's input as JSON. */
  input: string;
  /** Files and folders that it names, absolute or relative to the worktree; empty when it names none. */
  paths: readonly string[];
}

/** `why`: told to the agent, which may find another way. */
export type PermissionAnswer = { is: "allowed" } | { is: "denied"; why: string };

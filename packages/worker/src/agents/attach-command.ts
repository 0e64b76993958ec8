/** The agents' own words for taking up a session, and for beginning without one, in the current folder. */
const words: Record<string, (session: string | null) => string[]> = {
  amp: (session) => (session === null ? [] : ["threads", "continue", session]),
  claude: (session) => (session === null ? [] : ["--resume", session]),
  codex: (session) => (session === null ? [] : ["resume", session]),
  opencode: (session) => (session === null ? [] : ["--session", session]),
  // It takes up none of another process, see its adapter.
  gemini: () => [],
};

/**
 * The command line by which a person talks to an agent in a terminal, in the worktree of a task: `program` on the task's session, or on a
 * new one where there is none yet. Null for an agent that has no such command.
 */
export function attachCommand(
  agent: string,
  program: string,
  session: string | null,
): string[] | null {
  const wordsOf = Object.hasOwn(words, agent) ? words[agent] : undefined;
  if (wordsOf === undefined) return null;
  // What an agent calls its session must not become an option.
  const isName = session !== null && !session.startsWith("-");
  return [program, ...wordsOf(isName ? session : null)];
}

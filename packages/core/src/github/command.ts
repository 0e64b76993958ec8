/** What somebody asks ampx for in a comment. `words` may be empty. */
export type Command =
  | { is: "continue"; words: string }
  /** Ends the task. */
  | { is: "abort" }
  | { is: "merge" };

/** The command that a comment is: it begins with `/ampx`. Null for any other comment, and for one that quotes a command. */
export function commandOf(comment: string): Command | null {
  const [, rest] = /^\s*\/ampx(?=\s|$)(.*)$/is.exec(comment.replaceAll("\0", "")) ?? [];
  if (rest === undefined) return null;
  const words = rest.replaceAll("\r\n", "\n").trim().toWellFormed();
  switch (words.toLowerCase()) {
    case "abort":
      return { is: "abort" };
    case "merge":
      return { is: "merge" };
    case "continue":
      return { is: "continue", words: "" };
    default:
      return { is: "continue", words };
  }
}

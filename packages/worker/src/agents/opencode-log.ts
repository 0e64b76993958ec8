/** What one line of opencode's own log tells. */
export type LogLine =
  /** A session of ours begins, not one of a subagent. */
  | { is: "session"; id: string }
  /** The model is called. */
  | { is: "call" }
  /** A model call has failed; opencode will try it again, or say that it does not. */
  | { is: "failed_call"; message: string }
  | { is: "error"; message: string }
  /** Nothing for people; a sign of life. */
  | { is: "chatter" };

/** Reads a line of the standard error; undefined when it is none of the log. */
export function readOpencodeLog(line: string): LogLine | undefined {
  const level = /^timestamp=\S+ level=([A-Z]+) /.exec(line)?.[1];
  if (level === undefined) return undefined;
  const message = field(line, "message") ?? "";
  if (level !== "ERROR")
    return message === "stream" && field(line, "small") === "false"
      ? { is: "call" }
      : (beginning(line) ?? { is: "chatter" });
  const cause = field(line, "error.error") ?? field(line, "error") ?? field(line, "cause") ?? "";
  // The model that makes titles may fail without harm.
  if (message === "stream error")
    return field(line, "small") === "true"
      ? { is: "chatter" }
      : { is: "failed_call", message: cause.replace(/^\w+Error: /, "") };
  // Every failed call is told a second time by the loop that made it.
  if (message === "process") return { is: "chatter" };
  return { is: "error", message: cause === "" ? message : `${message}: ${cause}`.slice(0, 500) };
}

function beginning(line: string): LogLine | undefined {
  const id = field(line, "id");
  const isOurs = field(line, "message") === "created" && field(line, "parentID") === "undefined";
  return isOurs && id?.startsWith("ses_") === true ? { is: "session", id } : undefined;
}

function field(line: string, name: string): string | undefined {
  const found = new RegExp(
    String.raw` ${name.replace(".", "\\.")}=(?:"((?:[^"\\]|\\.)*)"|(\S*))`,
  ).exec(line);
  if (found === null) return undefined;
  return (
    found[1]?.replace(/\\(.)/g, (_all, char: string) => (char === "n" ? " " : char)) ?? found[2]
  );
}

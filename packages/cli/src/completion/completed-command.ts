/** What the scripts need to know of the commands. */
export interface CompletedCommand {
  /** As typed: `ci run`. */
  name: string;
  summary: string;
  flags: {
    name: string;
    char: string | undefined;
    summary: string;
    takesValue: boolean;
    options: string[];
  }[];
}

/** Text inside single quotes of a shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

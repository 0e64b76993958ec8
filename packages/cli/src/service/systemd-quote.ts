// Nothing here can write a control character: it would end the line. A plan has none, see `service-plan.ts`.

/**
 * A word of a list in a unit file, such as of `ExecStart=` or `Environment=`: in double quotes, with what systemd would read as an escape or a
 * specifier doubled. `$` is left alone: `Environment=` does not expand it, and `ExecStart=:` does not either.
 */
export function unitWord(text: string): string {
  return `"${unitText(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

/** A path that is a whole value and a pattern at once, as of `EnvironmentFile=`: nothing is quoted there. */
export function unitPattern(path: string): string {
  return unitText(path).replaceAll(/[\\*?[\]]/g, "\\$&");
}

/** Text that is a whole value, such as of `Description=`. */
export function unitText(text: string): string {
  return text.replaceAll("%", "%%");
}

/** What a line of an agent's protocol holds; undefined when it is none: some other program's output, or ours cut short. */
export function jsonLine(line: string): unknown {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    // A line that only looks like JSON is a diagnostic like any other.
    return undefined;
  }
}

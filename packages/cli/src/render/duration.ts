/** A wait that is shorter has ended before its end is read, in milliseconds. */
export const aWhileMs = 60_000;

/** How long ago, in the largest unit that says enough: `12s`, `5m`, `3h`, `9d`. */
export function age(since: string, now: number): string {
  return roughly(Math.max(0, now - Date.parse(since)));
}

/** A duration of `ms` milliseconds, as short as that. */
function roughly(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)}h`;
  return `${Math.floor(seconds / 86_400)}d`;
}

/** A moment to come, or a recent one, on this machine's clock, as short as it is clear: `15:00`, with the day where it is not today. */
export function localTime(iso: string, now: number): string {
  const at = new Date(iso);
  const time = `${twoDigits(at.getHours())}:${twoDigits(at.getMinutes())}`;
  const days = Math.round((midnight(at.getTime()) - midnight(now)) / 86_400_000);
  if (days === 0) return time;
  if (days > 0 && days < 7) return `${weekdays[at.getDay()]} ${time}`;
  return `${localDay(at)} ${time}`;
}

/** `2026-11-01`, as the day is called where the user is. */
function localDay(at: Date): string {
  return `${at.getFullYear()}-${twoDigits(at.getMonth() + 1)}-${twoDigits(at.getDate())}`;
}

// By hand: `Intl` takes longer to load than `ampx ls` may.
const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

function twoDigits(part: number): string {
  return String(part).padStart(2, "0");
}

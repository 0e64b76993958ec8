import type { Instant } from "./scalars.ts";

/** What a calendar and a clock on a wall show; a day beyond the month's last is one of the next month. */
export interface WallTime {
  year: number;
  /** From 1. */
  month: number;
  day: number;
  hour: number;
  minute: number;
  second: number;
}

/** What the clocks of a zone show. Throws `RangeError` when the zone is unknown. */
export function wallTimeAt(instant: Instant, zone: string): WallTime {
  const shown = new Intl.DateTimeFormat("en-US", { ...numeric, timeZone: zone });
  const parts = new Map(shown.formatToParts(instant).map(({ type, value }) => [type, +value]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
  return {
    year: part("year"),
    month: part("month"),
    day: part("day"),
    hour: part("hour"),
    minute: part("minute"),
    second: part("second"),
  };
}

/** When the clocks of a zone show this. Throws `RangeError` when the zone is unknown. */
export function instantOf(wall: WallTime, zone: string): Instant {
  const asUtc = utc(wall);
  const offset = (instant: Instant) => utc(wallTimeAt(instant, zone)) - instant;
  // Twice: around the moments when clocks are put forward or back, the first offset is that of the wrong side.
  return asUtc - offset(asUtc - offset(asUtc));
}

/** The zone that words name: of the IANA's list, an offset such as `GMT+1`, or a usual abbreviation. Undefined: they name none that is known. */
export function zoneNamed(words: string): string | undefined {
  const offset = /^(?:UTC|GMT)?([+-−])(\d{1,2}):?(\d{2})?$/i.exec(words);
  if (offset !== null) {
    const [, sign = "+", hours = "0", minutes = "00"] = offset;
    return `${sign === "+" ? "+" : "-"}${hours.padStart(2, "0")}:${minutes}`;
  }
  const zone = abbreviations[words.toUpperCase()] ?? words;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: zone }).resolvedOptions().timeZone;
  } catch {
    // A RangeError: there is no such zone.
    return undefined;
  }
}

const numeric = {
  hourCycle: "h23",
  year: "numeric",
  month: "numeric",
  day: "numeric",
  hour: "numeric",
  minute: "numeric",
  second: "numeric",
} as const;

function utc({ year, month, day, hour, minute, second }: WallTime): Instant {
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const abbreviations: Record<string, string> = {
  Z: "UTC",
  GMT: "UTC",
  EST: "-05:00",
  EDT: "-04:00",
  CST: "-06:00",
  CDT: "-05:00",
  MST: "-07:00",
  MDT: "-06:00",
  PST: "-08:00",
  PDT: "-07:00",
  BST: "+01:00",
  CET: "+01:00",
  CEST: "+02:00",
};

import type { Instant, Millis } from "./scalars.ts";
import { instantOf, wallTimeAt, type WallTime, zoneNamed } from "./wall-clock.ts";

const day = 86_400_000;
/** What is further ahead is no limit to be waited for, or no time at all. */
const furthest = 31 * day;
/** A time of day that was just now does not mean tomorrow. */
const justNow = 15 * 60_000;

/**
 * When a limit ends, by its provider's own words. Null: they do not tell, it is over, or it is more than 31 days ahead. Clock times
 * that name no zone are of `zone`, a name of the IANA's list: the one of whoever has written the words, mostly the agent's machine.
 */
export function resetTimeIn(words: string, now: Instant, zone: string = "UTC"): Instant | null {
  for (const find of [pauses, stamps, dates, timesOfDay])
    for (const instant of find(words, now, zone))
      if (instant > now && instant <= now + furthest) return Math.ceil(instant);
  return null;
}

const ending = String.raw`\b(?:(?:try|trying|use \w+|available|back) again|retry(?:ing)?|resets?|renews?|refresh(?:es)?|available|access|until)\b`;
const oneOf = String.raw`(?:\d+(?:\.\d+)?|an?)\s*(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?![a-z])`;
const about = String.raw`(?:about |approximately |around |another |~)?`;
/** Of which the first group is the pause: "try again in 1m30s", "wait 2 hours and 5 minutes". */
const inWords = new RegExp(
  String.raw`(?:${ending}[^.\n]{0,60}?\b(?:in|after)|\bwait(?: for)?)\s+${about}(${oneOf}(?:(?:,? and |, ?| )?${oneOf})*)`,
  "gi",
);
/** A header, or a field of an answer: `retry-after: 30`, `"retryDelay": "43s"`, `resets_in_seconds=90`. */
const asField =
  /\b(retry[-_]?(?:after|delay)|resets?_?(?:in|after))([-_]?ms|[-_]?milliseconds|[-_]?seconds)?["']?\s*[:=]\s*["']?(\d+(?:\.\d+)?)(ms|s)?\b/gi;

function* pauses(words: string, now: Instant): Iterable<Instant> {
  for (const [, pause = ""] of words.matchAll(inWords)) yield now + millisOf(pause);
  for (const [, , unit = "", amount = "", shortUnit = ""] of words.matchAll(asField))
    yield now + Number(amount) * (/ms|milli/i.test(unit + shortUnit) ? 1 : 1_000);
}

function millisOf(pause: string): Millis {
  let sum = 0;
  for (const [, amount = "", unit = ""] of pause.matchAll(
    /(\d+(?:\.\d+)?|\ban?(?=\s))\s*([a-z]+)/gi,
  ))
    sum += (/\d/.test(amount) ? Number(amount) : 1) * unitOf(unit.toLowerCase());
  return sum;
}

function unitOf(name: string): Millis {
  if (/^(?:ms|milli)/.test(name)) return 1;
  if (name.startsWith("s")) return 1_000;
  if (name.startsWith("m")) return 60_000;
  if (name.startsWith("h")) return 3_600_000;
  return name.startsWith("d") ? day : 7 * day;
}

const epoch = /(?:\||\bresets?(?:[_ ]?(?:at|on|time))?["']?\s*[:=]?\s*["']?)(\d{13}|\d{10})\b/gi;

/** Seconds or milliseconds since 1970, as in "limit reached|1763740800". */
function* stamps(words: string): Iterable<Instant> {
  for (const [, stamp = ""] of words.matchAll(epoch))
    yield stamp.length === 10 ? Number(stamp) * 1_000 : Number(stamp);
}

const months = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const gap = String.raw`[^.\n]{0,40}?`;
const clock = String.raw`(?<hour>\d{1,2})(?::(?<minute>\d{2}))?(?::(?<second>\d{2})(?:\.\d+)?)?(?:\s*(?<half>[ap])\.?m\b\.?)?`;
/** Behind a clock's time. */
const place = String.raw`(?:\s*\(?(?<zone>[A-Z][a-z]+(?:\/[\w+-]+)+|(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|[+-]\d{2}:?\d{2}|Z\b|[ECMP][SD]T\b|BST\b|CES?T\b))?`;
const date = [
  // 2026-11-25
  String.raw`(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})`,
  // Nov 25th, 2026
  String.raw`(?<month>(?:${months.join("|")})[a-z]*)\.? (?<day>\d{1,2})(?:st|nd|rd|th)?(?!\d|:|\s*[ap]m)(?:,? (?<year>\d{4})\b)?`,
];
const atDates = date.map(
  (form) =>
    new RegExp(String.raw`${ending}${gap}\b${form}(?:(?:T|,? (?:at )?)${clock}${place})?`, "gi"),
);

function* dates(words: string, now: Instant, zone: string): Iterable<Instant> {
  for (const form of atDates)
    for (const { groups = {} } of words.matchAll(form)) {
      const where = groups["zone"] === undefined ? zone : zoneNamed(groups["zone"]);
      if (where === undefined) continue;
      const today = wallTimeAt(now, where);
      const month =
        Number(groups["month"]) ||
        1 + months.indexOf(groups["month"]?.slice(0, 3).toLowerCase() ?? "");
      const at = { ...clockTime(groups), month, day: Number(groups["day"]) };
      if (groups["year"] !== undefined) yield instantOf({ ...at, year: +groups["year"] }, where);
      else for (const year of [today.year, today.year + 1]) yield instantOf({ ...at, year }, where);
    }
}

const atTime = new RegExp(
  String.raw`${ending}(?: at| by)?:? (?:(?<midnight>(?:UTC )?midnight)|${clock}(?!\s*[-/\d]|[a-z]))${place}`,
  "gi",
);

function* timesOfDay(words: string, now: Instant, zone: string): Iterable<Instant> {
  for (const { groups = {} } of words.matchAll(atTime)) {
    const { midnight, minute, half } = groups;
    // A bare number is none.
    if (midnight === undefined && minute === undefined && half === undefined) continue;
    const named = /^utc/i.test(midnight ?? "") ? "UTC" : groups["zone"];
    const where = named === undefined ? zone : zoneNamed(named);
    if (where === undefined) continue;
    const today = { ...wallTimeAt(now, where), ...clockTime(groups) };
    const then = instantOf(today, where);
    if (then > now) yield then;
    else if (then <= now - justNow) yield instantOf({ ...today, day: today.day + 1 }, where);
  }
}

function clockTime(
  groups: Record<string, string | undefined>,
): Pick<WallTime, "hour" | "minute" | "second"> {
  const half = groups["half"]?.toLowerCase();
  const hour = Number(groups["hour"] ?? 0);
  return {
    hour: half === undefined ? hour : (hour % 12) + (half === "p" ? 12 : 0),
    minute: Number(groups["minute"] ?? 0),
    second: Number(groups["second"] ?? 0),
  };
}

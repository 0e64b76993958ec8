import { withoutCheckouts } from "./checkout-folder.ts";

/** The text without what changes from run to run: places, times, temporary paths, ids, ports. What was asserted stays. */
export function stableText(text: string): string {
  let stable = withoutCheckouts(text);
  for (const [changing, name] of replacements) stable = stable.replace(changing, name);
  return stable.replace(/\s+/g, " ").trim();
}

const replacements: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<uuid>"],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)?/g, "<date>"],
  [/\b\d{1,2}:\d\d:\d\d(?:[.,]\d{1,9})?\b/g, "<time>"],
  [/(?:\/private)?(?:\/var\/folders|\/var\/tmp|\/tmp|\/dev\/shm)\/[^\s"'`:,;)\]}>]+/g, "<temp>"],
  [/[A-Za-z]:\\[^\s"'`:;]{0,200}\\Temp\\[^\s"'`:,;)\]}>]+/g, "<temp>"],
  // Of an absolute path the last two names: checkouts lie elsewhere on another machine.
  [
    /(?<![\w.~-])(?:[A-Za-z]:)?[\\/](?:[^\s"'`:,;()<>[\]{}\\/]+[\\/])+(?=[^\s"'`:,;()<>[\]{}\\/]+[\\/][^\s"'`:,;()<>[\]{}\\/])/g,
    "/",
  ],
  [/\b0x[0-9a-fA-F]+\b/g, "<hex>"],
  // Hash-like: digits and letters mixed.
  [/\b(?=[a-f]{0,40}\d)(?=\d{0,40}[a-f])[0-9a-f]{7,64}\b/g, "<hex>"],
  // ULIDs.
  [/\b[0-7][0-9A-HJKMNP-TV-Za-hjkmnp-tv-z]{25}\b/g, "<id>"],
  [
    /\b\d+(?:[.,]\d+)? ?(?:ns|[µu]s|ms|milliseconds?|s|secs?|seconds?|m|min|mins|minutes?|h|hours?)\b/g,
    "<duration>",
  ],
  [
    /\b((?:pid|process|thread|port|worker|line|col|column|attempt|seed)[ =:#]{1,2})\d+\b/gi,
    "$1<n>",
  ],
  // Lines and columns behind a path, and ports behind a host.
  [/(?<=[\w)\]]):\d+(?::\d+)?\b/g, ":<n>"],
  [/\b\d{6,}\b/g, "<n>"],
];

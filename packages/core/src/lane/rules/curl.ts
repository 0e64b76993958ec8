import type { LaneSource } from "../lane-rule.ts";

// Bad host names, refused and broken connections, time limits, TLS: https://everything.curl.dev/cmdline/exitcode
const numbers = [5, 6, 7, 16, 18, 28, 35, 52, 55, 56, 60, 92];

/** Downloads by curl and wget in scripts. A test's own server is on this machine, or has a name without a dot. */
export const curl: LaneSource = {
  rules: [
    {
      lane: "infrastructure",
      reason: "a download failed",
      literals: numbers.map((number) => `curl: (${number}) `),
      unless:
        /localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0|connect to [\w-]{1,80} port|Could not resolve host: [\w-]{1,80}$/,
    },
    {
      lane: "infrastructure",
      reason: "a download failed: the server answers with an error of its own",
      literals: ["curl: (22)"],
      pattern: /curl: \(22\) The requested URL returned error: (?:5\d\d|429)/,
    },
    {
      lane: "infrastructure",
      reason: "a download failed",
      literals: [
        "wget: unable to resolve host address",
        "wget: bad address",
        "wget: server returned error",
      ],
      unless: /HTTP\/1\.[01] 4(?!29)\d\d/,
    },
    {
      lane: "infrastructure",
      reason: "a download failed: the server answers with an error of its own",
      literals: [" ERROR 5", " ERROR 429"],
      pattern: /^(?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d ERROR (?:5\d\d|429)\b/,
    },
  ],
};

import type { LaneSource } from "../lane-rule.ts";

/** cargo and rustup: crates.io and the toolchains. */
export const rust: LaneSource = {
  recovered: {
    literals: ["   Compiling ", "    Checking ", "  Downloaded "],
    pattern: /^ {2,6}(?:Compiling|Checking|Downloaded) /,
  },
  rules: [
    {
      lane: "infrastructure",
      reason: "crates.io could not be reached",
      force: "tries",
      literals: ["spurious network error"],
    },
    {
      lane: "infrastructure",
      reason: "crates.io could not be reached",
      literals: [
        "failed to get 200 response from",
        "failed to get successful HTTP response from",
        "failed to download from `http",
        "download of config.json failed",
        "network failure seems to have happened",
        "failed to fetch `https://github.com/rust-lang/crates.io-index",
      ],
      unless: /got (?:401|403|404)\b/,
    },
    {
      lane: "infrastructure",
      reason: "a Rust toolchain could not be downloaded",
      literals: [
        "could not download file from 'https://static.rust-lang.org",
        "error: component download failed for",
      ],
    },
  ],
};

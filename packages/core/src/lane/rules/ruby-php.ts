import type { LaneSource } from "../lane-rule.ts";

/** Bundler and gem, Composer: their registries. */
export const rubyPhp: LaneSource = {
  recovered: {
    literals: [
      "Bundle complete!",
      "Generating optimized autoload files",
      "Generating autoload files",
    ],
  },
  rules: [
    {
      lane: "infrastructure",
      reason: "rubygems.org could not be reached",
      literals: [
        "Could not reach host ",
        "Gem::RemoteFetcher::FetchError",
        "Network error while fetching",
        "Bundler::HTTPError",
        "Gem::RemoteFetcher::UnknownHostError",
        "Could not fetch specs from",
        "Retrying download gem from",
        "Retrying fetcher due to error",
      ],
    },
    {
      lane: "infrastructure",
      reason: "Packagist could not be reached",
      literals: ["curl error ", "could not be downloaded (HTTP/", "file could not be downloaded"],
      pattern:
        /curl error (?:6|7|18|28|35|52|56) while downloading|could not be downloaded[^\n]{0,20}HTTP\/[\d.]+ (?:5\d\d|429)|could not be downloaded[^\n]{0,60}(?:failed to open stream|SSL|timed out)/,
    },
    {
      lane: "configuration",
      reason: "GitHub does not accept Composer's token",
      literals: [
        "Could not authenticate against github.com",
        "GitHub API limit (0 calls/hr) is exhausted",
      ],
    },
  ],
};

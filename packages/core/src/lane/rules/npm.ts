import type { LaneSource } from "../lane-rule.ts";

/** npm, pnpm, yarn, bun: the registry, and the binaries that packages fetch while they are installed. */
export const npm: LaneSource = {
  recovered: {
    literals: [
      "packages in ",
      "Lockfile is up to date, resolution step is skipped",
      "➤ YN0000: Done",
      "success Saved lockfile",
      "packages installed [",
      "Progress: resolved ",
    ],
    pattern:
      /^(?:\S{1,60}: |#\d+ [\d.]+ )?(?:added|up to date|changed|removed)[^\n]{0,80} packages? in |^Lockfile|Done|^success|packages installed|^Progress: [^\n]{1,120}, done$/,
  },
  rules: [
    {
      lane: "infrastructure",
      reason: "the npm registry could not be reached",
      literals: ["npm error ", "npm ERR! "],
      pattern:
        /npm (?:ERR!|error) (?:(?:code|errno) )?(?:network |syscall )?(?:ECONNRESET|ECONNREFUSED|ECONNABORTED|ETIMEDOUT|ESOCKETTIMEDOUT|EAI_AGAIN|ENOTFOUND|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ERR_STREAM_PREMATURE_CLOSE|EPROTO|CERT_HAS_EXPIRED|EIDLETIMEOUT|FETCH_ERROR|UND_ERR_\w{1,40}|E5\d\d|E429)\b/,
    },
    {
      lane: "infrastructure",
      reason: "the npm registry answers with an error of its own",
      literals: ["npm error ", "npm ERR! ", "npm notice "],
      pattern:
        /npm (?:ERR!|error) (?:\d{1,6} )?(?:5\d\d|429) |npm (?:ERR!|error) (?:network )?(?:fetch failed with status code 5|Invalid response body while trying to fetch)/,
    },
    {
      lane: "infrastructure",
      reason: "the npm registry could not be reached",
      literals: ["ERR_PNPM_FETCH_", "ERR_PNPM_META_FETCH_FAIL", "ERR_PNPM_TARBALL_FETCH"],
      pattern: /ERR_PNPM_(?:FETCH_(?:5\d\d|429|408)|META_FETCH_FAIL|TARBALL_FETCH)\b/,
    },
    {
      lane: "infrastructure",
      reason: "the npm registry could not be reached",
      literals: ["YN0001: │", "YN0035: │", "YN0082: │"],
      pattern:
        /RequestError: (?:connect|read|getaddrinfo|socket|timeout|Timeout)|Response Code: (?:5\d\d|429)|remote server failed|EAI_AGAIN|ECONNRESET|ETIMEDOUT|HTTPError: Response code (?:5\d\d|429)/i,
    },
    {
      lane: "infrastructure",
      reason: "the npm registry could not be reached",
      literals: ["error An unexpected error occurred"],
      pattern:
        /https?:\/\/[^\s"]{1,300}: (?:ESOCKETTIMEDOUT|ETIMEDOUT|ECONNRESET|getaddrinfo|connect|tunneling|Request failed "(?:5\d\d|429))/,
    },
    {
      lane: "infrastructure",
      reason: "the npm registry could not be reached",
      force: "tries",
      literals: ["There appears to be trouble with your network connection", "Will retry in "],
    },
    {
      lane: "infrastructure",
      reason: "a binary that a package needs could not be downloaded",
      literals: [
        "Failed to download Chromium",
        "Failed to download Chrome",
        "Failed to download Firefox",
        "Failed to download Webkit",
        "ERROR: Failed to set up Chrome",
        "Download failure, code=",
        "Error: Download failed: server returned code",
        "The Cypress App could not be downloaded",
        "gyp ERR! stack FetchError",
        "RequestError: HTTP Error 5",
      ],
    },
    {
      lane: "configuration",
      reason: "the npm registry does not accept the token",
      literals: ["npm error code E", "npm ERR! code E"],
      pattern: /npm (?:ERR!|error) code (?:E401|E403|ENEEDAUTH|EOTP)\b/,
    },
    {
      lane: "configuration",
      reason: "the npm registry does not accept the token",
      literals: ["ERR_PNPM_FETCH_40", "YN0041: │"],
      pattern: /ERR_PNPM_FETCH_40[13]|YN0041/,
      unless: /^ ?WARN/,
    },
  ],
};

import type { LaneSource } from "../lane-rule.ts";

/** pip, uv, poetry, conda: the package index. pip calls a lost connection "no matching distribution": what it said before tells the two apart. */
export const python: LaneSource = {
  recovered: {
    literals: [
      "Successfully installed ",
      "Requirement already satisfied: ",
      "Installing collected packages: ",
    ],
  },
  rules: [
    {
      lane: "infrastructure",
      reason: "the Python package index could not be reached",
      force: "tries",
      literals: ["WARNING: Retrying (Retry(total="],
    },
    {
      lane: "infrastructure",
      reason: "the Python package index could not be reached",
      literals: ["Could not fetch URL "],
      unless: /40[134] Client Error/,
    },
    {
      lane: "infrastructure",
      reason: "the Python package index could not be reached",
      literals: [
        "pip._vendor.urllib3.exceptions.",
        "pip._vendor.requests.exceptions.",
        "pip._internal.exceptions.NetworkConnectionError",
        "ERROR: Could not install packages due to an OSError: HTTPSConnectionPool",
        "ERROR: Could not install packages due to an EnvironmentError: HTTPSConnectionPool",
        "ERROR: Exception while fetching",
      ],
      pattern: /Timeout|Connection|Protocol|MaxRetry|SSL|IncompleteRead|HTTPError: 5|Chunked/,
    },
    {
      lane: "infrastructure",
      reason: "the Python package index answers with an error of its own",
      literals: ["ERROR: HTTP error ", "Server Error: "],
      pattern:
        /ERROR: HTTP error (?:5\d\d|429)|(?:HTTPError|ERROR)[^\n]{0,40}: 5\d\d Server Error: |429 Client Error/,
    },
    {
      lane: "infrastructure",
      reason: "the Python package index could not be reached",
      literals: [
        "Request failed after ",
        "All attempts to connect to pypi.org failed",
        "Could not connect, are you offline?",
        "CondaHTTPError: HTTP 000",
        "CondaHTTPError: HTTP 5",
        "CondaSSLError",
        "THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. Got truncated",
        "incomplete-download",
      ],
    },
    {
      lane: "configuration",
      reason: "the Python package index does not accept the credentials",
      literals: [
        "HTTPError: 403 Forbidden from",
        "HTTPError: 401 Unauthorized from",
        "401 Error, Credentials not correct for",
      ],
    },
  ],
};

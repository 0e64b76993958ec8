import type { LaneSource } from "../lane-rule.ts";

/** What GitHub itself serves to jobs: actions, caches, artifacts, the API, releases. */
export const githubServices: LaneSource = {
  rules: [
    {
      lane: "infrastructure",
      reason: "GitHub did not deliver an action",
      literals: [
        "Failed to download action",
        "Failed to download archive",
        "Failed to resolve action download info",
        "Unable to download actions",
      ],
      unless: /40[34] \(?(?:Not Found|Forbidden)/,
    },
    {
      lane: "infrastructure",
      reason: "GitHub's artifact service failed",
      literals: [
        "Failed to CreateArtifact",
        "Failed to FinalizeArtifact",
        "Failed to ListArtifacts",
        "Failed to GetSignedArtifactURL",
        "Unable to download artifact(s): ",
        "Create Artifact Container failed",
        "Unable to upload artifact(s)",
      ],
      // An artifact of that name is there already, or is none: the workflow's doing.
      unless: /409|conflict|not found|already exists/i,
    },
    {
      lane: "infrastructure",
      reason: "GitHub's cache service failed",
      literals: [
        "Cache service responded with",
        "Failed to restore: ",
        "reserveCache failed",
        "getCacheEntry failed",
      ],
      pattern: /\b(?:5\d\d|429)\b|timeout|reset|aborted/i,
    },
    {
      lane: "infrastructure",
      reason: "GitHub's API limit is reached",
      literals: ["API rate limit exceeded", "exceeded a secondary rate limit"],
    },
    {
      lane: "infrastructure",
      reason: "GitHub's API answers with an error of its own",
      literals: [
        "Unicorn!",
        "We had issues producing the response to your request",
        "HttpError: Server Error",
        "HttpError: Bad Gateway",
        "HttpError: Service Unavailable",
      ],
      pattern: /^(?:##\[error\]|Error: |RequestError \[|HttpError: |gh: )|Unicorn!|We had issues/,
    },
    {
      lane: "infrastructure",
      reason: "an action ran into an error of the network",
      literals: ["##[error]"],
      pattern:
        /^##\[error\](?:\w{1,40}Error: |Error: )?(?:connect |read |getaddrinfo )?(?:ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENOTFOUND|socket hang up|Client network socket disconnected|request to https:\/\/|aborted$|fetch failed$|Unexpected HTTP response: (?:5\d\d|429)|The SSL connection could not be established|Response status code does not indicate success: 5|Premature close|The request was canceled due to the configured HttpClient\.Timeout|[^\n]{0,120}(?:error code|HTTP(?: error)?|status(?: code)?|response(?: code)?|returned|<title>):? ?(?:5\d\d|429)\b)/,
    },
  ],
};

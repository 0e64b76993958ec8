import type { LaneSource } from "../lane-rule.ts";

/** Maven, Gradle, sbt: the repositories. "Could not find artifact" is the code's: it asks for what does not exist. */
export const jvm: LaneSource = {
  recovered: { literals: ["[INFO] BUILD SUCCESS", "BUILD SUCCESSFUL in "] },
  rules: [
    {
      lane: "infrastructure",
      reason: "a Maven repository could not be reached",
      literals: ["Could not transfer artifact", "Could not transfer metadata"],
      pattern:
        /\b(?:5\d\d|429)\b|timed out|Connection|Unknown host|resolution|transfer failed|handshake|Premature end|Network|peer|No route/i,
      unless: /status code: 40[134]|\[WARNING\]|^WARN/,
    },
    {
      lane: "infrastructure",
      reason: "a Maven repository could not be reached",
      literals: ["> Could not GET '", "> Could not HEAD '", "Could not GET '", "Could not HEAD '"],
      unless: /status code 40[134]/,
    },
    {
      lane: "infrastructure",
      reason: "a Maven repository could not be reached",
      literals: [
        "due to previous repository read error",
        "repositories is disabled due to earlier error",
      ],
    },
    {
      lane: "infrastructure",
      reason: "the Gradle distribution could not be downloaded",
      literals: ["services.gradle.org"],
      pattern:
        /UnknownHostException|failed: timeout|timed out|response code: 5\d\d|Connection|SSLHandshake/,
    },
    {
      lane: "infrastructure",
      reason: "Maven could not be downloaded",
      literals: [
        "Failed to validate Maven distribution",
        "wget: Failed to fetch https://repo.maven.apache.org",
        "curl: Failed to fetch https://repo.maven.apache.org",
      ],
    },
    {
      lane: "configuration",
      reason: "a Maven repository does not accept the credentials",
      literals: ["status code: 40", "status code 40", "authentication failed for http"],
      pattern:
        /Could not (?:transfer|GET|HEAD)[^\n]{0,500}(?:status code:? 40[13]|authentication failed)/,
    },
  ],
};

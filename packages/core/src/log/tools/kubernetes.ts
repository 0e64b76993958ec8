import type { LogTool } from "../tool.ts";

/** Helm, and charts that cannot be rendered. */
export const helm: LogTool = {
  name: "helm",
  kind: "build",
  hints: ["Error: ", "[ERROR] ", "==> Linting"],
  rules: [
    {
      is: "failure",
      line: /^Error: (?<message>(?:(?:INSTALLATION|UPGRADE) FAILED|template|parse error|YAML parse error|execution error|render error|chart )\b.*?(?:(?:at \(|template: |on )(?<file>[^\s:()]+\.(?:ya?ml|tpl|txt))(?::(?<line>\d+))?.*)?)$/,
    },
    {
      is: "failure",
      kind: "lint",
      line: /^\[ERROR\] (?<message>(?:templates\/|Chart\.yaml|values\.yaml).*?(?:\((?<file>[^\s:()]+):(?<line>\d+)\).*)?)$/,
    },
    { is: "summary", line: /^Error: \d+ chart\(s\) linted, \d+ chart\(s\) failed$/ },
  ],
};

/** kubectl: what the API refused, rollouts that did not come, pods that are not well. */
export const kubectl: LogTool = {
  name: "kubectl",
  kind: "command",
  hints: [
    "Error from server",
    "error: ",
    "CrashLoopBackOff",
    "ImagePullBackOff",
    "ErrImagePull",
    "OOMKilled",
    "CreateContainer",
    "RunContainerError",
    "InvalidImageName",
  ],
  rules: [
    {
      is: "failure",
      line: /^(?<message>Error from server(?: \(\w+\))?: (?:error when \w+ "(?<file>[^"]+)": )?.*)$/,
    },
    {
      is: "failure",
      line: /^error: (?<message>(?:error (?:validating|parsing)|unable to (?:recognize|decode)|resource mapping not found for|no matching resources|the server doesn't have|deployment "[^"]*" exceeded|no objects passed)\b(?:[^"]*"(?<file>[^"]+\.(?:ya?ml|json))")?.*)$/,
    },
    {
      is: "failure",
      kind: "timeout",
      line: /^error: (?<message>timed out waiting for the condition.*)$/,
    },
    {
      is: "failure",
      kind: "crash",
      line: /^(?:[a-z][\w-]{0,60} +)?(?:pod\/)?(?<test>[a-z][a-z0-9.-]{0,100}?)(?:-[a-f0-9]{6,10})?(?:-[a-z0-9]{5}|-\d+)? +\d+\/\d+ +(?<message>(?:Init:)?(?:CrashLoopBackOff|ImagePullBackOff|ErrImagePull|OOMKilled|CreateContainer\w+Error|RunContainerError|InvalidImageName))/,
    },
  ],
};

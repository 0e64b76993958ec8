import type { LaneSource } from "../lane-rule.ts";

/** The workflow file, the actions and the runner's image that it asks for. */
export const workflow: LaneSource = {
  rules: [
    {
      lane: "configuration",
      reason: "the workflow file is not valid",
      force: "ends_job",
      literals: [
        "Invalid workflow file",
        "The workflow is not valid",
        "The template is not valid",
        "error parsing called workflow",
        "Unrecognized named-value",
        "This GitLab CI configuration is invalid",
        "a deadlock for concurrency group",
      ],
    },
    {
      lane: "configuration",
      reason: "an action that the workflow uses does not exist or is not allowed",
      force: "ends_job",
      literals: [
        "Unable to resolve action",
        "Can't find 'action.yml', 'action.yaml' or 'Dockerfile'",
        "An action could not be found at the URI",
        "Missing download info for",
        "is not allowed in ",
        "is not allowed to be used in",
        "are not allowed to be used in",
      ],
      pattern:
        /^(?:##\[error\]|Error: )?(?:Unable to resolve action|Can't find|An action could not|Missing download info|The actions? |[^\n]{1,200} (?:is|are) not allowed to be used in)/,
    },
    {
      lane: "configuration",
      reason: "the workflow uses an action that GitHub has retired",
      force: "ends_job",
      literals: ["automatically failed because it uses a deprecated version"],
    },
    {
      lane: "configuration",
      reason: "the workflow asks for a runner that does not exist",
      force: "ends_job",
      literals: [
        "No runner matching the specified labels",
        "No hosted runner is currently matching the labels",
        "because the runner label is not",
        "is a scheduled brownout",
        "This is a scheduled Ubuntu",
        "This is a scheduled Windows",
        "This is a scheduled macOS",
        "environment is deprecated and has been removed",
        "This job is stuck because",
      ],
    },
    {
      lane: "configuration",
      reason: "the version of a tool that the workflow asks for does not exist for this runner",
      literals: [
        "Unable to find Node version",
        "with architecture '",
        "Could not find satisfied version for SemVer",
        "Unable to find Go version",
        "Could not find a version that satisfied version spec",
        "No matching version found for SemVer",
        "Unknown version ",
        "with arch x64 not found",
        "with arch arm64 not found",
      ],
      pattern:
        /^(?:##\[error\]|Error: )(?:Unable to find|The version |Version |Could not find (?:satisfied|a version that satisfied)|No matching version found for SemVer|Unknown version)/,
    },
    {
      lane: "configuration",
      reason: "a step finds no lock file where it looks for one",
      literals: [
        "Dependencies lock file is not found in",
        "make sure you have checked out the target repository",
      ],
    },
    {
      lane: "configuration",
      reason: "the workflow uses an action in the wrong way",
      literals: [
        "Multiple versions of pnpm specified",
        "No pnpm version is specified",
        "a file command 'output' failed",
        "Unable to process file command",
      ],
      pattern: /^(?:##\[error\]|Error: )/,
    },
    {
      lane: "configuration",
      reason: "a command that the workflow names is not there",
      literals: [
        "##[error]Unable to locate executable file",
        "##[error]An error occurred trying to start process",
        "Error: Unable to locate executable file",
      ],
    },
  ],
};

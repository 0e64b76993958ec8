import type { LaneSource } from "../lane-rule.ts";

/** Secrets, variables and permissions that the repository's settings have to give. */
export const secrets: LaneSource = {
  rules: [
    {
      lane: "configuration",
      reason: "a required input of an action is empty, most likely a missing secret",
      literals: [
        "Input required and not supplied",
        "Parameter token or opts.auth is required",
        "not supplied. Unable to continue",
        'must specify exactly one of "workload_identity_provider"',
        "[@octokit/auth-app] appId option is required",
      ],
      pattern: /^(?:##\[error\]|Error: |\w{1,40}Error: )/,
    },
    {
      lane: "configuration",
      reason: "the token of the job may not do this",
      literals: [
        "Resource not accessible by integration",
        "Resource not accessible by personal access token",
      ],
    },
    {
      lane: "configuration",
      reason: "a token is wrong or has expired",
      literals: [
        "Bad credentials",
        "HTTP 401: Bad credentials",
        "token is expired or invalid",
        "##[error]Unauthorized",
      ],
      pattern: /^(?:##\[error\]|Error: |\w{1,40}Error: |gh: |HTTP 401)/,
    },
    {
      lane: "configuration",
      reason: "the credentials for the cloud are missing or wrong",
      literals: [
        "Credentials could not be loaded",
        "Could not load credentials from any providers",
        "The security token included in the request is invalid",
        "Not authorized to perform sts:AssumeRoleWithWebIdentity",
        "google-github-actions/auth failed with",
        "AADSTS70",
        "Login failed with Error: Using auth-type",
      ],
      pattern: /^(?:##\[error\]|Error: |ERROR: |Could not|An error occurred)/,
    },
    {
      lane: "configuration",
      reason: "a secret or variable is not set",
      literals: [
        "is not set",
        "are not set",
        "was not set",
        "variable was set",
        "must be set",
        "must define",
        "must provide",
        "not defined",
        "is undefined",
        "not provided",
        "is required",
        "is missing",
        "is empty",
        "unbound variable",
        "Missing required environment",
        "Missing environment variable",
        "GH_TOKEN environment variable",
        "did not inject",
      ],
      pattern:
        /\b[A-Z][A-Z0-9_]{0,60}(?:TOKEN|SECRET|(?:API|SECRET|ACCESS|PRIVATE|SSH|DEPLOY|SIGNING|LICENSE|AUTH)_?KEY(?:_ID)?|PASSWORD|PASSWD|CREDENTIALS|WEBHOOK(?:_URL)?|_DSN|_PAT|_AUTH|REQUEST_URL)\b/,
      unless: /^\s{1,40}at |^E {2,}|^>|AssertionError|^(?:not )?ok \d|\.(?:test|spec)\.|_test\./,
    },
    {
      lane: "configuration",
      reason: "the credentials for a service are missing or not accepted",
      literals: [
        "not authorized to run analysis",
        "No existing credentials found",
        "secret has not been configured",
        "Not authorized or project not found",
        "Not authorized. Please check",
      ],
    },
    {
      lane: "configuration",
      reason: "the upload of the coverage report needs a token",
      literals: [
        "Token required - not valid tokenless upload",
        "Token required because branch is protected",
      ],
    },
  ],
};

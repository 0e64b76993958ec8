import type { LaneSource } from "../lane-rule.ts";

/** Docker, BuildKit, podman: the daemon and the registries. */
export const docker: LaneSource = {
  recovered: {
    literals: ["Status: Downloaded newer image for", "Status: Image is up to date for"],
  },
  rules: [
    {
      lane: "infrastructure",
      reason: "the registry's limit for pulling images is reached",
      literals: [
        "toomanyrequests",
        "You have reached your pull rate limit",
        "reached your unauthenticated pull rate limit",
      ],
    },
    {
      lane: "infrastructure",
      reason: "the Docker daemon of the runner does not answer",
      evenInTests: true,
      literals: [
        "Cannot connect to the Docker daemon",
        "error during connect: ",
        "Error response from daemon: driver failed programming external connectivity",
        "failed to dial gRPC: cannot connect to the Docker daemon",
        "Cannot connect to Podman",
        "dial unix /var/run/docker.sock: connect: no such file",
        "error during connect: this error may indicate that the docker daemon is not running",
        "ERROR: failed to initialize builder",
      ],
    },
    {
      lane: "infrastructure",
      reason: "an image could not be pulled",
      literals: ["Error response from daemon: "],
      pattern:
        /net\/http|i\/o timeout|timeout|unexpected HTTP status: 5|status: 5\d\d|EOF$|connection (?:reset|refused)|no such host|context deadline|context canceled|server misbehaving|internal server error/i,
      unless: /localhost|127\.0\.0\.1/,
    },
    {
      lane: "infrastructure",
      reason: "an image could not be pulled or pushed",
      literals: [
        "failed to resolve source metadata for",
        "failed to copy: httpReadSeeker",
        "failed to do request: ",
        "error pulling image configuration",
        "unexpected status from ",
        "failed to fetch oauth token",
        "failed to fetch anonymous token",
        "error pinging docker registry",
        "initializing source docker://",
      ],
      pattern:
        /\b(?:5\d\d|429)\b|dial tcp|timeout|EOF|reset by peer|refused|no such host|deadline|handshake|read tcp|misbehaving|broken pipe/i,
      unless: /localhost|127\.0\.0\.1/,
    },
    {
      lane: "infrastructure",
      reason: "the connection to BuildKit was lost",
      literals: [
        "rpc error: code = Unavailable desc",
        "failed to receive status: rpc error",
        "closing transport due to: connection error",
      ],
      pattern:
        /buildkit|failed to receive status|ERROR: failed to (?:solve|build)|listing workers/i,
    },
    {
      lane: "infrastructure",
      reason: "the runner could not pull an image",
      literals: ["Docker pull failed with exit code"],
      // With "back off" it is going to try again.
      unless: /back off/,
    },
    {
      lane: "infrastructure",
      reason: "the runner could not pull an image",
      force: "tries",
      literals: ["back off "],
      pattern: /Docker (?:pull|login) failed with exit code \d+, back off/,
    },
    {
      lane: "configuration",
      reason: "the registry does not accept the credentials",
      literals: [
        "unauthorized: authentication required",
        "unauthorized: incorrect username or password",
        "denied: permission_denied",
        "denied: requested access to the resource is denied",
        "denied: installation not allowed to",
        "Cannot perform an interactive login from a non TTY device",
        "no basic auth credentials",
        "Username and password required",
      ],
    },
  ],
};

export { ciPaths, type CiPaths } from "./ci-paths.ts";
export { ciRunReport } from "./ci-run-report.ts";
export { CiFault, CiStatus } from "./ci-status.ts";
export { localCi, type LocalCiOptions } from "./local-ci.ts";
export { installHook, postReceiveHook } from "./post-receive-hook.ts";
export { runWatch } from "./run-watch.ts";
export { runCi, type CiRun, type CiRunOptions } from "./run-ci.ts";
export { runnerSecrets } from "./runner-secrets.ts";

export { branchName, titleOf } from "./branch-name.ts";
export { loadConfig, type ConfigSources, type LoadedConfig } from "./config.ts";
export { sampleConfig } from "./config/config-sample.ts";
export { Config } from "./config/config-schema.ts";
export * from "./contract.ts";
export { decide, type Action } from "./decide.ts";
export { eventText } from "./event-text.ts";
export { begin, evolve } from "./evolve.ts";
export { createExcerpt } from "./excerpt.ts";
export { homeFolder, homePaths, userConfigFile, type HomePaths } from "./home.ts";
export { defaultPolicy, retryAt, type Policy } from "./policy.ts";
export {
  currentAttempt,
  isAtRest,
  lockOf,
  needsSlot,
  statusOf,
  summaryOf,
  TaskStatus,
} from "./projection.ts";
export { fenced, turnPrompt } from "./prompt.ts";
export { isSecretName, secretValues } from "./redact-environment.ts";
export { createLineRedactor, createRedactor, findSecret } from "./redact.ts";
export * from "./scalars.ts";
export { TaskEvent, type RequestEvent, type TaskEventType } from "./task-event.ts";
export * from "./task-state.ts";
export { TransientError } from "./transient-error.ts";
export { UserError, type UserErrorKind } from "./user-error.ts";
export type { AgentFailureKind, CiVerdict, TurnOutcome } from "./verdict.ts";
export { notGreen, restReason } from "./waiting.ts";

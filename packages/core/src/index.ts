export { decide, type Action } from "./decide.ts";
export { begin, canContinue, evolve } from "./evolve.ts";
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
export * from "./scalars.ts";
export { TaskEvent, type RequestEvent, type TaskEventType } from "./task-event.ts";
export * from "./task-state.ts";
export { TransientError } from "./transient-error.ts";
export { UserError, type UserErrorKind } from "./user-error.ts";
export type { AgentFailureKind, CiVerdict, TurnOutcome } from "./verdict.ts";
export { restReason } from "./waiting.ts";
export { branchName, titleOf } from "./branch-name.ts";
export * from "./contract.ts";
export { fenced, turnPrompt } from "./prompt.ts";
export { eventText } from "./event-text.ts";

export { AgentAbilities } from "./agent-abilities.ts";
export { isAllowed } from "./allowable.ts";
export { loadConfig, type ConfigSources, type LoadedConfig } from "./config.ts";
export { sampleConfig } from "./config/config-sample.ts";
export { Config } from "./config/config-schema.ts";
export * from "./contract/index.ts";
export { decide, type Action } from "./decide.ts";
export { eventText } from "./event-text.ts";
export { begin, evolve } from "./evolve.ts";
export { baseName, defaultBase } from "./base-name.ts";
export { dollars } from "./dollars.ts";
export * from "./github/index.ts";
export { homeFolder, homePaths, userConfigFile, type HomePaths } from "./home.ts";
export { aloneInstallation, type Installation, type Parked } from "./installation.ts";
export { isOutage } from "./outage.ts";
export { parkingAfter, speaksOfAgent } from "./parking.ts";
export { newTask, termsOf, type TaskDefaults, type Wish } from "./new-task.ts";
export { isToldAbout } from "./is-told-about.ts";
export { inTheWay, type InFlight } from "./overlap/in-the-way.ts";
export { namedFiles } from "./overlap/named-files.ts";
export { isNoNews, mostFiles, mostOverlaps, type Overlap } from "./overlap/overlap.ts";
export { overlapWait } from "./overlap/overlap-text.ts";
export { newestTrajectory, trajectoryOf } from "./progress.ts";
export {
  judgePermission,
  type PermissionAnswer,
  type PermissionPolicy,
  type PermissionRequest,
} from "./permission.ts";
export { defaultPolicy, retryAt, type Policy } from "./policy.ts";
export {
  baseInCi,
  commitsInCi,
  currentAttempt,
  judgementOf,
  isAtRest,
  lockOf,
  locksOf,
  needsSlot,
  outcomeWords,
  statusOf,
  summaryOf,
  TaskStatus,
  waitsItsTurn,
} from "./projection.ts";
export { fenced } from "./prompt/fence.ts";
export { reviewPrompt } from "./prompt/review-prompt.ts";
export { turnPrompt } from "./prompt/turn-prompt.ts";
export { Lane, laneOf, laneWords } from "./lane/lane.ts";
export { withEvidence } from "./lane/with-evidence.ts";
export { Failure, fingerprint } from "./log/failure.ts";
export { excerptOfJobs } from "./log/excerpt-of-jobs.ts";
export { excerptor } from "./log/excerptor.ts";
export { failures } from "./log/failures.ts";
export { logReader, type LogReading } from "./log/read-log.ts";
export { changedPaths, findTampering, TamperPolicy, type Finding } from "./tamper/index.ts";
export { isSecretName, secretValues } from "./redact-environment.ts";
export { createLineRedactor, createRedactor, findSecret } from "./redact.ts";
export type { ReviewComment } from "./review.ts";
export { requestRefusal, type RequestRefusal } from "./request-refusal.ts";
export { resetTimeIn } from "./reset-time.ts";
export * from "./scalars.ts";
export { TaskEvent, type RequestEvent, type TaskEventType } from "./task-event.ts";
export * from "./task.ts";
export * from "./task-state.ts";
export { ticketCircles } from "./ticket/circles.ts";
export { TicketTerms, usualPriority } from "./ticket/ticket-terms.ts";
export { taskDefaults } from "./task-defaults.ts";
export { taskTitle } from "./task-title.ts";
export { TransientError } from "./transient-error.ts";
export { UserError, type UserErrorKind } from "./user-error.ts";
export type { AgentFailureKind, CiVerdict, TurnOutcome } from "./verdict.ts";
export {
  allTokens,
  costOf,
  leftOf,
  nothingUsed,
  plus,
  Tokens,
  Used,
  type Left,
  type Price,
  type Usage,
} from "./used.ts";
export { allReasons } from "./schedule/all-reasons.ts";
export { lockWish, type LockWish } from "./schedule/locks.ts";
export { hasRisenBy } from "./schedule/order.ts";
export {
  schedule,
  type Held,
  type Limits,
  type Progress,
  type Schedule,
  type Standing,
  type Waiting,
  type WaitReason,
} from "./schedule/schedule.ts";
export { whyRelease, type LockRules } from "./schedule/lock-rules.ts";
export { waitText } from "./schedule/wait-text.ts";
export { itsTurn, notGreen, restReason, slotWait } from "./waiting.ts";

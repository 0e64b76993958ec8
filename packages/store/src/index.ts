export { createWithNewId } from "./create-with-new-id.ts";
export { isAlive, parseHolder, thisProcess, type Holder } from "./holder.ts";
export { openStore, type StoreOptions } from "./open-store.ts";
export {
  acquireProcessLock,
  readProcessLock,
  type LockHolder,
  type LockNote,
  type ProcessLock,
} from "./process-lock.ts";
export { lockRules, scheduleRules } from "./schedule-rules.ts";
export {
  looseRules,
  taskWords,
  type CreatedByTicket,
  type EnqueueResult,
  type FoundSchedule,
  type Pause,
  type ScheduleRules,
  type TaskName,
  type RunningTurn,
  type TaskWithLocks,
} from "./scheduling.ts";
export type {
  AppendResult,
  Claim,
  ClaimRequest,
  CreateResult,
  IdempotencyKey,
  Lease,
  LogQuery,
  NewLogLine,
  OpenChange,
  News,
  RateLimit,
  Repeated,
  RequestResult,
  Store,
  StoredEvent,
  TaskQuery,
  TaskRow,
  Wait,
  Watch,
  WorkerReport,
} from "./store.ts";

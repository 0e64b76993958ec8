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
export { scheduleRules } from "./schedule-rules.ts";
export { looseRules } from "./store.ts";
export type {
  AppendResult,
  Claim,
  ClaimRequest,
  CreatedByTicket,
  CreateResult,
  EnqueueResult,
  FoundSchedule,
  IdempotencyKey,
  Lease,
  LogQuery,
  NewLogLine,
  OpenChange,
  Pause,
  ScheduleRules,
  TaskName,
  News,
  RateLimit,
  Repeated,
  RequestResult,
  RunningTurn,
  Store,
  StoredEvent,
  TaskQuery,
  TaskRow,
  TaskWithLocks,
  Wait,
  Watch,
  WorkerReport,
} from "./store.ts";

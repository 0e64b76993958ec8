export { isAlive, parseHolder, thisProcess, type Holder } from "./holder.ts";
export { openStore, type StoreOptions } from "./open-store.ts";
export {
  acquireProcessLock,
  readProcessLock,
  type LockHolder,
  type LockNote,
  type ProcessLock,
} from "./process-lock.ts";
export type {
  AppendResult,
  Claim,
  ClaimRequest,
  CreateResult,
  IdempotencyKey,
  Lease,
  LogQuery,
  NewLogLine,
  Repeated,
  Store,
  StoredEvent,
  TaskQuery,
  TaskRow,
  Wait,
  Watch,
  WorkerReport,
} from "./store.ts";

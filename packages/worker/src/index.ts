export { agentNames, createAgent, type AgentDeps } from "./agents/index.ts";
export { composeWorker, type WorkerOptions } from "./compose.ts";
export { resolveBase, resolveBranch, resolveRepository, type Repository } from "./git/index.ts";
export {
  ciRunReport,
  installHook,
  runCi,
  type CiRun,
  type CiRunOptions,
} from "./local-ci/index.ts";
export { keepOrder, type OrderDeps } from "./loop/keep-order.ts";
export { work, type WorkerDeps } from "./loop/worker.ts";
export * from "./ports.ts";
export { markedProcesses } from "./process-tree.ts";
export { pricedAbilities, runWorker } from "./run-worker.ts";
export { bubblewrapProblem } from "./sandbox/index.ts";

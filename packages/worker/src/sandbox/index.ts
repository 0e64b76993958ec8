export type { Keeps } from "./access-plan.ts";
export { bubblewrapProblem } from "./bubblewrap.ts";
export { sandboxedAgent } from "./sandboxed-agent.ts";
export type { SandboxedProgram, SandboxSettings } from "./turn-plan.ts";

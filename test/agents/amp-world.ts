import { type AgentWorld, type AgentWorldOptions, makeAgentWorld } from "./agent-world.ts";
import { installAmp } from "./install-amp.ts";
import { edit, run, startMockAmp } from "./mock-amp-server.ts";
import type { RealAgent } from "./real-agent.ts";

/** The real Amp CLI. */
export const amp: RealAgent = {
  name: "amp",
  install: installAmp,
  startModel: startMockAmp,
  settle: async ({ url, key }) => ({ AMP_API_KEY: key, AMP_URL: url }),
  edit,
  run,
};

export function makeAmpWorld(options: Omit<AgentWorldOptions, "agent">): Promise<AgentWorld> {
  return makeAgentWorld({ agent: amp, ...options });
}

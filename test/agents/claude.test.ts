import { claudeCode, claudeVersion } from "./claude-code.ts";
import { describeRealAgent } from "./real-agent-contract.ts";

describeRealAgent(claudeCode, {
  version: claudeVersion,
  tooLong: {
    status: 400,
    type: "invalid_request_error",
    message: "prompt is too long: 250000 tokens > 200000 maximum",
  },
  noSuchSession: "11111111-89ab-4cde-8f01-23456789abcd",
  usage: { usd: true, cacheWrite: true },
});

import { amp } from "./amp-world.ts";
import { ampVersion } from "./install-amp.ts";
import { describeRealAgent } from "./real-agent-contract.ts";

describeRealAgent(amp, {
  version: ampVersion,
  tooLong: {
    status: 400,
    type: "invalid_request_error",
    message: "prompt is too long: 250000 tokens > 200000 maximum",
  },
  triesAgain: false,
  noSuchSession: "T-11111111-89ab-4cde-8f01-23456789abcd",
  usage: { usd: false, cacheWrite: true },
});

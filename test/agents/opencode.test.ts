import { opencode, opencodeVersion } from "./opencode.ts";
import { describeRealAgent } from "./real-agent-contract.ts";

describeRealAgent(opencode, {
  version: opencodeVersion,
  tooLong: {
    status: 400,
    type: "invalid_request_error",
    message: "This model's maximum context length is 100000 tokens.",
  },
  noSuchSession: "ses_0123456789abcdefghijklmnop",
  usage: { usd: true, cacheWrite: false, cutOff: false },
});

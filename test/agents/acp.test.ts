import { opencodeByAcp } from "./opencode.ts";
import { describeRealAgent } from "./real-agent-contract.ts";

describeRealAgent(opencodeByAcp, {
  version: null,
  knowsLogin: false,
  tooLong: {
    status: 400,
    type: "invalid_request_error",
    message: "This model's maximum context length is 100000 tokens.",
  },
  triesForLong: true,
  noSuchSession: "ses_0123456789abcdefghijklmnop",
  usage: null,
});

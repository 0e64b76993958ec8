import { codexCli, codexVersion } from "./codex-cli.ts";
import { describeRealAgent } from "./real-agent-contract.ts";

describeRealAgent(codexCli, {
  version: codexVersion,
  tooLong: {
    status: 400,
    type: "context_length_exceeded",
    message: "Your input exceeds the context window of this model.",
  },
  // It waits by itself, and tells only the end of its maker's own usage limit.
  tellsReset: false,
  noSuchSession: "11111111-89ab-7cde-8f01-23456789abcd",
  usage: { usd: false, cacheWrite: false },
});

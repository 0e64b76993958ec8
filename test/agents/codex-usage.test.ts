import { codexCli } from "./codex-cli.ts";
import { testLiveUsage } from "./live-usage.ts";

testLiveUsage(codexCli, { cacheWrite: false });

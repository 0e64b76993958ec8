import { testLiveUsage } from "./live-usage.ts";
import { opencode } from "./opencode.ts";

testLiveUsage(opencode, { cacheWrite: false });

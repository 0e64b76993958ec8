import { amp } from "./amp-world.ts";
import { testLiveUsage } from "./live-usage.ts";

testLiveUsage(amp, { cacheWrite: true });

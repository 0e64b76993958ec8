import { setTimeout as sleep } from "node:timers/promises";
import { createRedactor, loadConfig, homePaths } from "@ampx/core";
import { openStore } from "@ampx/store";
import { composeWorker, keepOrder, type OrderDeps, work } from "@ampx/worker";
import { holdAt, killAt, traceTo, withCrashPoints } from "./crash-points.ts";
import { shiftedClock } from "./shifted-clock.ts";
import { withTroubles } from "./troubles.ts";

// A worker of a test world: the real one, put together as `ampx serve` does it, with points to be killed at.

const env = process.env;
const home = env["AMPX_HOME"] ?? "";
const { config } = loadConfig({
  env,
  userYaml: { file: "the world's config", text: env["WORLD_CONFIG"] ?? "" },
});
const redact = createRedactor([]);
await using store = await openStore({ file: homePaths(home).database, redact });
const deps = await composeWorker({
  home,
  config,
  projectOf: async () => ({ config, preamble: "" }),
  env,
  store,
  redact,
  ...(env["WORLD_CLOCK"] !== undefined && { clock: shiftedClock(env["WORLD_CLOCK"]) }),
});
// Tests do not wait for what people would.
const { policyFor } = deps;
deps.policyFor = async (state) => ({
  ...(await policyFor(state)),
  ciPollMs: Number(env["WORLD_CI_POLL_MS"] ?? 50),
  stallMs: Number(env["WORLD_STALL_MS"] ?? 60_000),
  ciTimeoutMs: Number(env["WORLD_CI_TIMEOUT_MS"] ?? 600_000),
});
deps.leaseMs = Number(env["WORLD_LEASE_MS"] ?? 5_000);

const stop = new AbortController();
process.on("SIGTERM", () => stop.abort());
process.on("disconnect", () => stop.abort());
process.send?.("ready");
const pointed = withCrashPoints(withTroubles(deps, env), reachOf(env));
await Promise.all([work(pointed, stop.signal), inOrder(pointed), deps.inbox.run(stop.signal)]);
// An open channel would keep the process.
process.disconnect();

/** As `runWorker` does it, and more often. */
async function inOrder(of: OrderDeps): Promise<void> {
  while (!stop.signal.aborted) {
    await keepOrder(of).catch(console.error);
    await sleep(100, undefined, { signal: stop.signal }).catch(() => undefined);
  }
}

function reachOf(world: NodeJS.ProcessEnv) {
  const { WORLD_TRACE, WORLD_KILL_AT, WORLD_KILL_NTH, WORLD_HOLD_AT, WORLD_HOLD_UNTIL } = world;
  if (WORLD_HOLD_AT !== undefined) return holdAt(WORLD_HOLD_AT, WORLD_HOLD_UNTIL ?? "");
  if (WORLD_KILL_AT !== undefined) return killAt(WORLD_KILL_AT, Number(WORLD_KILL_NTH ?? 1));
  return WORLD_TRACE === undefined ? () => undefined : traceTo(WORLD_TRACE);
}

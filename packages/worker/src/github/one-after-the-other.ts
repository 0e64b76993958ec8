import { TransientError, type Millis } from "@ampx/core";
import type { Clock } from "../ports.ts";
import { raced } from "./raced.ts";

/**
 * Does changes one after the other with a pause between them, as GitHub asks of all tokens of a person or an App. Whoever's turn has not come in
 * time has done nothing, and gets a `TransientError`: one before it may get no answer.
 */
export function oneAfterTheOther({
  clock,
  pauseMs,
  patienceMs,
}: {
  clock: Clock;
  pauseMs: Millis;
  patienceMs: Millis;
}): <T>(signal: AbortSignal, change: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return async (signal, change) => {
    const turn = last;
    const state = { hasBegun: false, isGivenUp: false };
    const done = turn.then(() => {
      signal.throwIfAborted();
      if (state.isGivenUp) throw new TransientError("its turn came too late");
      state.hasBegun = true;
      return change();
    });
    last = done.then(
      () => clock.sleep(pauseMs, neverAborted),
      () => undefined,
    );
    const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]);
    await raced(turn, patience).catch(() => undefined /* told by how far it has got */);
    signal.throwIfAborted();
    if (!state.hasBegun) {
      state.isGivenUp = true;
      throw new TransientError("GitHub does not answer to what other tasks ask it to change");
    }
    return raced(done, signal);
  };
}

const neverAborted = new AbortController().signal;

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { TransientError, loadConfig, type Millis } from "@ampx/core";
import { openStore } from "@ampx/store";
import { expect, test } from "vitest";
import type { Clock } from "../../ports.ts";
import type { GitHub } from "../connect.ts";
import { createInbox, type InboxDuty, type RepositoryLook } from "./watch.ts";

const shop = { owner: "acme", name: "shop" };
const site = { owner: "acme", name: "site" };
const tickMs = 60_000;

/** `pass`: once the inbox has nothing to do, its pause is over, up to its next one. */
function steppedClock(): Clock & { pauses: Millis[]; pass(): Promise<void> } {
  let now = 1_000;
  let asleep = Promise.withResolvers<() => void>();
  const pauses: Millis[] = [];
  return {
    pauses,
    now: () => now,
    awake: () => now,
    sleep(ms, signal) {
      pauses.push(ms);
      if (signal.aborted) return Promise.resolve();
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve(), { once: true });
        asleep.resolve(() => {
          now += ms;
          resolve();
        });
      });
    },
    async pass() {
      const wake = await asleep.promise;
      asleep = Promise.withResolvers();
      wake();
      await asleep.promise;
    },
  };
}

async function world(duties: InboxDuty[]) {
  const clock = steppedClock();
  const folder = await mkdtemp(join(tmpdir(), "ampx-inbox-"));
  const store = await openStore({ file: join(folder, "db"), redact: (text) => text });
  const stop = new AbortController();
  let connections = 0;
  const inbox = createInbox({
    store,
    config: loadConfig({}).config,
    clock,
    redact: (text) => text,
    home: "/home",
    connect: async () => {
      connections += 1;
      return {} as GitHub;
    },
    duties,
    tickMs,
  });
  const done = inbox.run(stop.signal);
  return {
    clock,
    inbox,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
      await store[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

function duty(repositories: InboxDuty["repositories"], look: RepositoryLook): InboxDuty {
  return { repositories, look };
}

/** A look that remembers where it looked. */
function remembering(answer: RepositoryLook = async () => null) {
  const looks: string[] = [];
  const look: RepositoryLook = (scope, signal) => {
    looks.push(scope.repository.name);
    return answer(scope, signal);
  };
  return { looks, look };
}

test("looks at each repository once a tick for each duty, however it is spelled", async () => {
  const { looks, look } = remembering();
  const other = remembering();
  await using w = await world([
    duty(async () => [shop, site, { owner: "Acme", name: "Shop" }], look),
    duty(async () => [shop], other.look),
  ]);
  await w.clock.pass();
  expect(looks).toEqual(["shop", "site", "shop", "site"]);
  expect(other.looks).toEqual(["shop", "shop"]);
  expect(w.clock.pauses).toEqual([tickMs, tickMs]);
});

test("without a repository nobody is asked who the worker is for GitHub", async () => {
  await using w = await world([duty(async () => [], remembering().look)]);
  await w.clock.pass();
  await w.clock.pass();
  expect(w.connections()).toBe(0);
});

test("a look that wants to come back sooner does, without the others", async () => {
  const { looks, look } = remembering(async ({ repository, clock }) =>
    repository.name === "shop" ? clock.now() + 5_000 : null,
  );
  await using w = await world([duty(async () => [shop, site], look)]);
  await w.clock.pass();
  await w.clock.pass();
  await w.clock.pass();
  expect(looks.slice(0, 4)).toEqual(["shop", "site", "shop", "shop"]);
  expect(w.clock.pauses.slice(0, 3)).toEqual([5_000, 5_000, 5_000]);
});

test("one repository that fails keeps no other from being looked at, and is looked at again", async () => {
  const { looks, look } = remembering(async ({ repository }) => {
    if (repository.name === "shop") throw new TransientError("GitHub is away");
    return null;
  });
  await using w = await world([duty(async () => [shop, site], look)]);
  await w.clock.pass();
  await w.clock.pass();
  expect(looks.slice(0, 4)).toEqual(["shop", "site", "shop", "site"]);
});

test("who hurries is looked at now, and nobody else", async () => {
  const looked = Promise.withResolvers<void>();
  const { looks, look } = remembering(async () => {
    if (looks.length === 3) looked.resolve();
    return null;
  });
  await using w = await world([duty(async () => [shop, site], look)]);
  while (w.clock.pauses.length === 0) await setImmediate();
  w.inbox.hurry({ owner: "ACME", name: "site" });
  await looked.promise;
  expect(looks).toEqual(["shop", "site", "site"]);
  expect(w.clock.now()).toBe(1_000);
});

import { expect, it } from "vitest";
import type { Claim, News, Store } from "../store.ts";
import {
  addTasks,
  appended,
  claimed,
  hour,
  sha,
  start,
  taskId,
  untilReady,
  worker,
} from "./fixtures.ts";
import type { StoreHarness } from "./harness.ts";

const now = start + 10_000;
const later = now + hour;
const ofShop: News = {
  repository: "github.com/acme/shop",
  isOf: (repo) => repo === "/repos/shop.git",
  shas: [sha],
  branches: [],
  runs: true,
  words: false,
};

/** What webhooks tell, and what is left of the hour's requests. */
export function newsContract(make: () => StoreHarness): void {
  it("makes tasks due that wait for the commit, its base or the branch, and says when to their next claim", async () => {
    await using harness = make();
    await using store = await harness.open();
    const waitsForCi = async () => {
      const claim = await appended(store, await claimed(store, { now }), ...pushed);
      await store.release(claim.lease, claim.seq, waitFor("CI", claim));
    };
    await addTasks(store, 1);
    await waitsForCi();
    expect(await store.hurry({ ...ofShop, shas: ["b".repeat(40)] }, now + 1)).toBe(0);
    expect(await store.hurry({ ...ofShop, isOf: () => false }, now + 2)).toBe(0);
    expect(await store.hurry({ ...ofShop, shas: [], branches: ["amp/other"] }, now + 3)).toBe(0);
    expect(await store.claim(worker({ now: now + 9 }))).toBeUndefined();

    expect(await store.hurry(ofShop, now + 10)).toBe(1);
    expect(await claimed(store, { now: now + 10 })).toMatchObject({ hurriedAt: now + 10 });
    const byBranch = { ...ofShop, shas: [], branches: ["amp/fix-1"] };
    expect(await store.hurry(byBranch, now + 20)).toBe(1);
  });

  it("leaves those alone that are at rest, wait for a turn or pause after a failure", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 3);
    const ready = await appended(store, await claimed(store, { now }), ...untilReady);
    await store.release(ready.lease, ready.seq, { ...waitFor("you", ready), wakeAt: null });
    const failed = await appended(store, await claimed(store, { now }), ...pushed);
    await store.release(failed.lease, failed.seq, { ...waitFor("a try", failed), faults: 1 });
    const branches = [1, 2, 3].map((n) => `amp/fix-${n}`);
    expect(await store.hurry({ ...ofShop, branches }, now)).toBe(0);
  });

  it("keeps a task due whose news came while a worker looked, once", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const first = await appended(store, await claimed(store, { now }), ...pushed);
    await store.hurry(ofShop, now + 1);
    await store.release(first.lease, first.seq, waitFor("CI", first));
    const second = await claimed(store, { now });
    expect(second.hurriedAt).toBe(now + 1);
    await store.release(second.lease, second.seq, waitFor("CI", second));
    expect((await store.readTask(taskId(1)))?.wakeAt).toBe(later);
  });

  it("has a task looked at once a second, however many webhooks come", async () => {
    await using harness = make();
    await using store = await harness.open();
    await addTasks(store, 1);
    const first = await appended(store, await claimed(store, { now }), ...pushed);
    await store.release(first.lease, first.seq, waitFor("CI", first));
    await store.hurry(ofShop, now);
    const look = await claimed(store, { now });
    await store.release(look.lease, look.seq, waitFor("CI", look));
    for (const ms of [100, 200, 300]) await store.hurry(ofShop, now + ms);
    const wakeAt = (await store.readTask(taskId(1)))?.wakeAt;
    expect(wakeAt).toBe(now + 1_000);
    expect(await claimed(store, { now: now + 1_000 })).toMatchObject({ hurriedAt: now + 300 });
  });

  it("remembers for a day of which repositories webhooks tell of runs, also where they concern no task", async () => {
    await using harness = make();
    await using store = await harness.open();
    const silent = { ...ofShop, shas: [] };
    expect(await store.webhookOfRunsAt("github.com/acme/shop")).toBeNull();
    await store.hurry({ ...silent, runs: false, words: true }, now - 5);
    expect(await store.webhookOfRunsAt("github.com/acme/shop")).toBeNull();
    await store.hurry(silent, now);
    await store.hurry(silent, now + 1_000);
    expect(await store.webhookOfRunsAt("github.com/acme/shop")).toBe(now);
    await store.hurry(silent, now + 60_000);
    expect(await store.webhookOfRunsAt("github.com/acme/shop")).toBe(now + 60_000);
    await store.hurry({ ...silent, repository: "github.com/acme/other" }, now + 26 * hour);
    expect(await store.webhookOfRunsAt("github.com/acme/shop")).toBeNull();
  });

  it("tells where people have said something, each time", async () => {
    await using harness = make();
    await using store = await harness.open();
    const { repository } = ofShop;
    await store.hurry({ ...ofShop, shas: [] }, now);
    expect(await store.webhooksOfWords(0)).toEqual([]);
    await store.hurry({ ...ofShop, shas: [], words: true }, now + 1);
    await store.hurry({ ...ofShop, shas: [], words: true }, now + 2);
    await store.hurry({ ...ofShop, shas: [] }, now + 60_002);
    expect(await store.webhooksOfWords(now)).toEqual([{ repository, at: now + 2 }]);
    expect(await store.webhooksOfWords(now + 2)).toEqual([]);
  });

  it("keeps what was last told of each limit, for a day", async () => {
    await using harness = make();
    await using store = await harness.open();
    const token = {
      host: "github.com",
      scope: "token",
      requests: 5_000,
      remaining: 4_000,
      resetsAt: later,
    };
    const app = { ...token, scope: "installation 9" };
    await store.noteRateLimits([token, app], now);
    await store.noteRateLimits([{ ...token, remaining: 3_000 }], now + 5);
    expect(await store.rateLimits()).toEqual([
      { ...app, toldAt: now },
      { ...token, remaining: 3_000, toldAt: now + 5 },
    ]);
    await store.noteRateLimits([token], now + 25 * hour);
    expect(await store.rateLimits()).toHaveLength(1);
  });
}

const pushed = untilReady.slice(0, untilReady.findIndex(({ type }) => type === "pushed") + 1);

function waitFor(reason: string, { hurriedAt }: Claim): Parameters<Store["release"]>[2] {
  return { wakeAt: later, reason, faults: 0, now, hurriedAt };
}

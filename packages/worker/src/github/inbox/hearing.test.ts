import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore, type News } from "@ampx/store";
import { expect, test, vi } from "vitest";
import { handClock } from "../fixture.ts";
import { hearing } from "./hearing.ts";

test("a webhook of words has its repository looked at, once, and no other", async () => {
  const folder = await mkdtemp(join(tmpdir(), "ampx-hearing-"));
  const stop = new AbortController();
  try {
    await using store = await openStore({ file: join(folder, "ampx.db"), redact: (text) => text });
    const clock = handClock();
    const hurried: unknown[] = [];
    const silent = {
      run: async (signal: AbortSignal) => void (await once(signal, "abort")),
      hurry: (repository: unknown) => void hurried.push(repository),
    };
    const inbox = hearing(silent, { store, clock, web: "https://github.com/" });
    const running = inbox.run(stop.signal);
    const tell = async (more: Partial<News>) => {
      clock.pass(10);
      const news = { isOf: () => true, shas: [], branches: [], runs: false, words: true };
      const whole = { repository: "github.com/acme/shop", ...news, ...more };
      await store.hurry(whole, clock.now());
    };
    await tell({ words: false });
    await tell({ repository: "git.acme.test/acme/shop" });
    await tell({});
    await vi.waitFor(() => expect(hurried).toHaveLength(1));
    await tell({ repository: "github.com/acme/other" });
    await vi.waitFor(() => expect(hurried).toHaveLength(2));
    expect(hurried).toEqual([
      { owner: "acme", name: "shop" },
      { owner: "acme", name: "other" },
    ]);
    stop.abort();
    await running;
  } finally {
    stop.abort();
    await rm(folder, { recursive: true });
  }
});

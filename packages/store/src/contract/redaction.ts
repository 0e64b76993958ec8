import { evolve } from "@ampx/core";
import { expect, it } from "vitest";
import {
  able,
  claimed,
  created,
  inTurn,
  logLine,
  neverRefuse,
  start,
  taskId,
  turnEnded,
  worker,
} from "./fixtures.ts";
import type { StoreHarness } from "./harness.ts";

/** Nothing that must not be kept reaches the disk. */
export function redactionContract(make: () => StoreHarness): void {
  it("redacts every string on its way in, whatever brings it", async () => {
    const secret = 'hunter2\n"quoted"';
    await using harness = make();
    {
      await using store = await harness.open({
        redact: (text) => text.replaceAll(secret, "[redacted]"),
      });
      const task = {
        repo: `/r/${secret}`,
        base: secret,
        branch: secret,
        title: secret,
        prompt: `use ${secret}`,
        agent: secret,
        createdBy: secret,
      };
      await store.createTask(created(1, task), { key: secret, digest: secret });
      await store.request(
        taskId(1),
        { type: "continue_requested", at: start, by: secret, text: secret, allow: [secret] },
        neverRefuse,
      );
      const claim = await claimed(store);
      let { state, seq } = claim;
      for (const event of [
        ...inTurn,
        { type: "session_opened", at: start, session: secret } as const,
        { ...turnEnded, said: `said ${secret}` },
      ]) {
        state = evolve(state, event);
        seq += 1;
        expect(await store.append(claim.lease, seq - 1, event, state)).toEqual({
          is: "appended",
          seq,
        });
      }
      await store.appendLog(taskId(1), [logLine(secret), logLine("plain")], 10);
      await store.release(claim.lease, seq, {
        wakeAt: null,
        reason: secret,
        faults: 0,
        now: start,
      });
      const problems = [{ what: secret, tryThis: secret }];
      const agents = [{ name: secret, command: secret, version: secret, problems, can: able }];
      await store.reportWorker({
        id: secret,
        holder: worker().holder,
        aliveAt: start,
        slots: 1,
        agents,
      });
      expect((await store.readTask(taskId(1)))?.state.attempts[0]?.said).toBe("said [redacted]");
    }
    const bytes = harness.bytes();
    expect(bytes.includes("hunter2")).toBe(false);
    expect(bytes.includes("[redacted]")).toBe(true);
    expect(bytes.includes("plain")).toBe(true);
  });
}

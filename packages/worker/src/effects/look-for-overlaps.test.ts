import {
  begin,
  defaultPolicy,
  evolve,
  type InFlight,
  type Policy,
  type TaskEvent,
  type TaskState,
} from "@ampx/core";
import { expect, test } from "vitest";
import type { TaskContext } from "../loop/task-context.ts";
import type { Meeting, Workspace } from "../ports.ts";
import { lookForOverlaps } from "./look-for-overlaps.ts";

const sha = "a".repeat(40);
const other: InFlight = {
  id: "01ARZ3NDEKTSV4RRFFQ5ABC000",
  title: "Round the prices",
  commit: "b".repeat(40),
  status: "running",
  waitsTurn: false,
};
const met: Meeting = { commit: other.commit, files: ["src/a.ts", "b.ts"], conflicts: [] };

interface Scene {
  overlaps?: Policy["overlaps"];
  inFlight?: InFlight[];
  /** What git finds, or how it fails. */
  git?: (signal: AbortSignal) => Meeting[] | Promise<Meeting[]>;
  prompt?: string;
  isPushed?: boolean;
  /** What a person has let through in words that are not taken up yet. */
  allow?: string[];
  signal?: AbortSignal;
}

/** A task of which only what the look uses is real. */
function stage({ prompt = "Mend src/a.ts.", isPushed = false, allow, ...scene }: Scene) {
  let state: TaskState = begin({
    type: "task_created",
    at: 0,
    task: {
      id: "01ARZ3NDEKTSV4RRFFQ69G5FAV",
      repo: "/r.git",
      base: "main",
      branch: "amp/x",
      title: "X",
      prompt,
      agent: "amp",
      createdBy: "kim",
      createdAt: 0,
    },
    budget: { maxAttempts: 5, maxAgentMs: 60_000, deadline: null },
  });
  state = evolve(state, { type: "started", at: 1 });
  const said = { type: "continue_requested", at: 2, by: "kim", text: "" } as const;
  if (allow !== undefined) state = evolve(state, { ...said, allow });
  if (isPushed) state = { ...state, pushed: sha };
  const seen = { events: [] as TaskEvent[], log: [] as string[], looks: [] as unknown[] };
  const workspace: Pick<Workspace, "meetings"> = {
    async meetings(own, others, _tmp, signal) {
      seen.looks.push([own, ...others]);
      return scene.git === undefined ? [met] : scene.git(signal);
    },
  };
  const context = {
    get state() {
      return state;
    },
    policy: { ...defaultPolicy, overlaps: scene.overlaps ?? "tell" },
    clock: { now: () => 1_000 },
    inFlight: async () => scene.inFlight ?? [other],
    ports: { workspace },
    signal: scene.signal ?? new AbortController().signal,
    redact: (text: string) => text.replaceAll("hunter2", "***"),
    log: { add: (_stream: string, _attempt: number, text: string) => seen.log.push(text) },
    turnFolder: async () => ({ path: "/tmp", [Symbol.asyncDispose]: async () => undefined }),
    record: async (event: TaskEvent) => {
      seen.events.push(event);
      state = evolve(state, event);
    },
  };
  // What the look does not use is not there.
  return { ...seen, look: () => lookForOverlaps(context as unknown as TaskContext) };
}

test("of a task that has pushed nothing, the files that its words name are told, once", async () => {
  const { look, events, looks } = stage({});
  expect(await look()).toBeUndefined();
  expect(await look()).toBeUndefined();
  expect(looks).toEqual([
    [null, other.commit],
    [null, other.commit],
  ]);
  expect(events).toMatchObject([
    { type: "overlaps_found", others: [{ task: other.id, files: ["src/a.ts"], conflicts: [] }] },
  ]);
});

test("words that name none of their files are no overlap", async () => {
  const { look, events } = stage({ prompt: "Mend it all." });
  await look();
  expect(events).toEqual([]);
});

test("of a task that has pushed, all files that both change are told", async () => {
  const { look, events, looks } = stage({ isPushed: true, prompt: "Mend it all." });
  await look();
  expect(looks).toEqual([[sha, other.commit]]);
  expect(events).toMatchObject([{ others: [{ files: ["src/a.ts", "b.ts"] }] }]);
});

test("where the later one waits, it says for whom; while nothing moves git is not asked again", async () => {
  const inFlight = [other];
  const { look, looks } = stage({ overlaps: "wait", inFlight });
  const pause = {
    until: 6_000,
    reason: "abc000, which changes src/a.ts, too (ampx continue 9g5fav --allow overlaps)",
  };
  expect(await look()).toEqual(pause);
  expect(await look()).toEqual(pause);
  expect(looks).toHaveLength(1);
  inFlight[0] = { ...other, commit: "c".repeat(40) };
  expect(await look()).toBeUndefined();
  expect(looks).toHaveLength(2);
});

test("who is let go on waits for nobody, and is told of the other all the same", async () => {
  const { look, events } = stage({ overlaps: "wait", allow: ["overlaps"] });
  expect(await look()).toBeUndefined();
  expect(events).toMatchObject([{ type: "overlaps_found" }]);
});

test("one that a person must help is not waited for, and is told of all the same", async () => {
  const { look, events } = stage({
    overlaps: "wait",
    inFlight: [{ ...other, status: "needs_review" }],
  });
  expect(await look()).toBeUndefined();
  expect(events).toHaveLength(1);
});

test("what is gone is recorded, too", async () => {
  const inFlight = [other];
  const { look, events } = stage({ inFlight });
  await look();
  inFlight.pop();
  await look();
  expect(events.at(-1)).toMatchObject({ others: [] });
});

test("where nobody shall look, nobody does", async () => {
  const { look, events, looks } = stage({ overlaps: "ignore" });
  expect(await look()).toBeUndefined();
  expect([events, looks]).toEqual([[], []]);
});

test("with nobody else in flight git is not asked", async () => {
  const { look, looks } = stage({ inFlight: [] });
  await look();
  expect(looks).toEqual([]);
});

test("a look that fails is told, and the task goes on", async () => {
  const { look, events, log } = stage({
    git: () => {
      throw new Error("git broke down");
    },
  });
  expect(await look()).toBeUndefined();
  expect(events).toEqual([]);
  expect(log).toEqual(["could not look which other tasks change the same files: git broke down"]);
});

test("an abort ends the look, and is no failure of it", async () => {
  const abort = new AbortController();
  const { look, log } = stage({
    signal: abort.signal,
    git: (signal) => {
      abort.abort(new Error("asked to stop"));
      signal.throwIfAborted();
      return [];
    },
  });
  await expect(look()).rejects.toThrow("asked to stop");
  expect(log).toEqual([]);
});

test("of very many files some are kept, and none that is secret", async () => {
  const files = ["src/hunter2.ts", ...Array.from({ length: 500 }, (_, n) => `f${n}.ts`)];
  const { look, events } = stage({
    isPushed: true,
    git: () => [{ ...met, files, conflicts: files }],
  });
  await look();
  const [event] = events;
  if (event?.type !== "overlaps_found") throw new Error("nothing was found");
  expect(event.others[0]?.files).toHaveLength(50);
  expect(event.others[0]?.conflicts).toHaveLength(50);
  expect(event.others[0]?.files[0]).toBe("src/***.ts");
});

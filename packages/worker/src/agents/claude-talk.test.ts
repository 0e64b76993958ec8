import type { PermissionRequest } from "@ampx/core";
import { describe, expect, test } from "vitest";
import type { AgentEvent } from "../ports.ts";
import { secret, setStage, type Stage, texts } from "./agent-stage.ts";
import { claudeAgent } from "./claude.ts";
import { callsOf } from "./fake-play.ts";
import recordedRuns from "./fixtures/claude-2.1.329-talk.json" with { type: "json" };
import type { FakeClaudePlay } from "./fixtures/fake-claude.ts";
import { heardBy, playing, usage } from "./fixtures/play-claude.ts";

const started = "echo started; sleep 60";

describe("an abort", () => {
  test("is said first, and what the turn has used is told once", async () => {
    await using stage = await setStage();
    const { outcome, events } = await abortedTurn(stage, { steps: [{ run: started }], usd: 0.25 });
    expect(outcome).toEqual({ is: "cancelled" });
    expect(await heardBy(stage)).toEqual(["interrupt"]);
    expect(events.filter(({ type }) => type === "usage")).toEqual([
      expect.objectContaining({ inputTokens: 1_000, outputTokens: 42, usd: 0.25 }),
    ]);
  });

  test("that is not heard ends it nevertheless", async () => {
    await using stage = await setStage();
    const { outcome } = await abortedTurn(stage, { steps: [{ run: started }], isDeaf: true });
    expect(outcome).toEqual({ is: "cancelled" });
    expect(await heardBy(stage)).toEqual(["interrupt"]);
  });

  test("of an older one, which cannot be spoken to, is a signal", async () => {
    await using stage = await setStage();
    const { outcome } = await abortedTurn(stage, { steps: [{ run: started }], isOld: true });
    expect(outcome).toEqual({ is: "cancelled" });
    expect(await heardBy(stage)).toEqual([]);
    expect((await callsOf(stage)).at(-1)).toContain("bypassPermissions");
  });
});

describe("words", () => {
  test("are said while it works, one after the other, and are then passed on", async () => {
    await using stage = await setStage();
    const agent = claudeAgent(await playing(stage, { steps: [{ say: "done" }], awaits: 2 }));
    const { words, passedOn } = spoken(["Use tabs.", "And no semicolons."]);
    const { outcome } = await stage.run(agent, { words });
    expect(outcome).toEqual({ is: "completed", said: "done" });
    expect(await heardBy(stage)).toEqual(["Use tabs.", "And no semicolons."]);
    expect(passedOn()).toBe(2);
  });

  test("that came too late for the first answer get one of their own", async () => {
    await using stage = await setStage();
    const play: FakeClaudePlay = { steps: [{ say: "done" }], awaits: 1, hears: "later" };
    const { words, passedOn } = spoken(["Use tabs."]);
    const { outcome, events } = await stage.run(claudeAgent(await playing(stage, play)), { words });
    expect(outcome).toEqual({ is: "completed", said: "done" });
    expect(texts(events)).toEqual(["done", "done"]);
    expect(passedOn()).toBe(1);
  });

  test("that the model has not got when the turn is aborted are not passed on", async () => {
    await using stage = await setStage();
    const { words, passedOn } = spoken(["Use tabs."]);
    const play: FakeClaudePlay = { steps: [{ run: started }], awaits: 1, hears: "never" };
    const { outcome } = await abortedTurn(stage, play, { words });
    expect(outcome).toEqual({ is: "cancelled" });
    expect(await heardBy(stage)).toEqual(["Use tabs.", "interrupt"]);
    expect(passedOn()).toBe(0);
  });

  test("are not asked for by an older one, which would not tell what became of them", async () => {
    await using stage = await setStage();
    const agent = claudeAgent(await playing(stage, { steps: [{ say: "done" }], isOld: true }));
    const { words, asked } = spoken(["Use tabs."]);
    expect((await stage.run(agent, { words })).outcome).toEqual({ is: "completed", said: "done" });
    expect(asked()).toBe(0);
  });

  test("that nobody says do not keep a turn", async () => {
    await using stage = await setStage();
    const agent = claudeAgent(await playing(stage, { steps: [{ say: "done" }] }));
    const words = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) };
    expect((await stage.run(agent, { words })).outcome).toEqual({ is: "completed", said: "done" });
  });
});

describe("permission", () => {
  const asks = [
    { tool: "Bash", input: { command: `git push ${secret}` } },
    { tool: "Edit", input: { file_path: "/etc/passwd", old_string: "a", new_string: "b" } },
  ];

  test("is asked for, without secrets, and the answer given", async () => {
    await using stage = await setStage();
    const agent = claudeAgent(await playing(stage, { steps: [{ say: "done" }], asks }));
    const requests: PermissionRequest[] = [];
    const { outcome } = await stage.run(agent, {
      async permit(request) {
        requests.push(request);
        return request.tool === "Bash" ? { is: "allowed" } : { is: "denied", why: "Not yours." };
      },
    });
    expect(outcome).toEqual({ is: "completed", said: "done" });
    expect(requests).toEqual([
      { tool: "Bash", input: "git push [redacted]", paths: [] },
      { tool: "Edit", input: JSON.stringify(asks[1]?.input), paths: ["/etc/passwd"] },
    ]);
    expect(await heardBy(stage)).toEqual([
      { behavior: "allow", updatedInput: { command: `git push ${secret}` } },
      { behavior: "deny", message: "Not yours." },
    ]);
  });

  test("that a person takes their time over is no stall", async () => {
    await using stage = await setStage();
    const agent = claudeAgent(
      await playing(stage, { steps: [{ say: "done" }], asks: asks.slice(0, 1) }),
    );
    const permit = () =>
      new Promise<{ is: "allowed" }>((resolve) =>
        setTimeout(() => resolve({ is: "allowed" }), 3_000),
      );
    const { outcome } = await stage.run(agent, { permit, stallMs: 2_000 });
    expect(outcome).toEqual({ is: "completed", said: "done" });
  });

  test("is denied where nobody can be asked", async () => {
    await using stage = await setStage();
    const agent = claudeAgent(
      await playing(stage, { steps: [{ say: "done" }], asks: asks.slice(0, 1) }),
    );
    const permit = () => Promise.reject(new Error("the database is gone"));
    expect((await stage.run(agent, { permit })).outcome.is).toBe("completed");
    expect(await heardBy(stage)).toEqual([
      { behavior: "deny", message: expect.stringContaining("the database is gone") },
    ]);
  });
});

test("a question that nobody can answer holds nothing up", async () => {
  await using stage = await setStage();
  const agent = claudeAgent(await playing(stage, { steps: [{ say: "done" }], elicits: true }));
  expect((await stage.run(agent)).outcome).toEqual({ is: "completed", said: "done" });
  expect(await heardBy(stage)).toEqual(["There is nobody to answer this."]);
});

test.each<[left: number | null, own: string[], given: string | undefined]>([
  [null, [], undefined],
  [1.5, [], "1.5000"],
  [0, [], "0.0001"],
  [1.5, ["--max-budget-usd", "1"], "1"],
  [1.5, ["--max-budget-usd", "2"], "1.5000"],
])(
  "of %j dollars that are left and %j of the person's own, %j are given",
  async (usd, own, given) => {
    await using stage = await setStage();
    const deps = await playing(stage, { steps: [{ say: "done" }] });
    deps.config.agents.claude = { ...deps.config.agents.claude, args: own };
    await stage.run(claudeAgent(deps), { left: { usd, tokens: null } });
    const call = (await callsOf(stage)).at(-1) ?? [];
    expect(call[call.lastIndexOf("--max-budget-usd") + 1]).toBe(given ?? call[0]);
  },
);

test("is not left waiting for a model that is to be called again much later", async () => {
  await using stage = await setStage();
  const retry = { type: "system", subtype: "api_retry", error_status: 429, error: "rate_limit" };
  const deps = await playing(stage, {
    steps: [
      { raw: JSON.stringify({ ...retry, retry_delay_ms: 300_000 }) },
      { hang: true, deaf: false },
    ],
  });
  const { outcome } = await stage.run(claudeAgent({ ...deps, now: () => 1_000 }));
  expect(outcome).toMatchObject({ is: "failed", kind: "rate_limit", resetAt: 301_000 });
  expect(await heardBy(stage)).toEqual(["interrupt"]);
});

describe("of what the real one has said,", () => {
  test("edits and commands are asked for, reading is not", async () => {
    await using stage = await setStage();
    const asked: string[] = [];
    const { outcome, events } = await replayed(stage, "asked", {
      async permit({ tool, input, paths }) {
        asked.push(`${tool} ${paths.join() || input}`);
        return { is: "allowed" };
      },
    });
    expect(outcome).toEqual({ is: "completed", said: "Done." });
    expect(asked).toEqual([
      "Edit /worktree/a.txt",
      "Bash git init -q . && git add -A && git -c user.name=a -c user.email=a@b commit -qm x",
      "Write /etc/x",
    ]);
    expect(events.at(-1)).toEqual(usage(5));
    expect(texts(events)).toContain("Permission denied: Write");
  });

  test("an interrupted turn is accounted for", async () => {
    await using stage = await setStage();
    const abort = new AbortController();
    const { outcome, events } = await replayed(stage, "interrupted", {
      signal: abort.signal,
      onEvent: (event) => {
        if (event.type === "tool" && event.input.includes("setsid")) abort.abort();
      },
    });
    expect(outcome).toEqual({ is: "cancelled" });
    expect(events.filter(({ type }) => type === "usage")).toEqual([usage(2)]);
  });

  test("a budget that is spent is a limit, whatever the session has cost before", async () => {
    await using stage = await setStage();
    const { outcome, events } = await replayed(stage, "budget", { session: "elsewhere" });
    expect(outcome).toEqual({ is: "limit", of: "budget", said: "" });
    expect(events.at(-1)).toEqual(usage(3));
  });

  test("a usage limit is told with the time of its end", async () => {
    await using stage = await setStage();
    const { outcome } = await replayed(stage, "limited");
    expect(outcome).toEqual({
      is: "failed",
      kind: "rate_limit",
      message: expect.stringContaining("hit your 5-hour limit"),
      resetAt: resetsAt * 1_000,
    });
  });

  test("its turn ends when its subagents have, with what it says then", async () => {
    await using stage = await setStage();
    const { outcome, events } = await replayed(stage, "subagent");
    expect(outcome).toEqual({ is: "completed", said: "All done." });
    expect(events.filter(({ type }) => type === "usage")).toEqual([usage(6)]);
    expect(events.findLast(({ type }) => type === "usage_so_far")).toEqual({
      type: "usage_so_far",
      tokens: 6 * 1_511,
    });
  });
});

const resetsAt = recordedRuns.limited.lines.flatMap((line) =>
  "rate_limit_info" in line && line.rate_limit_info !== undefined
    ? [line.rate_limit_info.resetsAt]
    : [],
)[0] as number;

async function replayed(
  stage: Stage,
  run: keyof typeof recordedRuns,
  options: Parameters<Stage["run"]>[1] = {},
) {
  const recorded = recordedRuns[run];
  return stage.run(claudeAgent(await playing(stage, { steps: [], recorded })), options);
}

/** Aborts when its tool runs; or, where it waits for words, when these have come. */
async function abortedTurn(
  stage: Stage,
  play: FakeClaudePlay,
  options: Parameters<Stage["run"]>[1] = {},
) {
  const abort = new AbortController();
  const onEvent = (event: AgentEvent) => {
    if ("text" in event && event.text === "started") abort.abort();
  };
  const agent = claudeAgent(await playing(stage, play));
  return stage.run(agent, { ...options, signal: abort.signal, onEvent });
}

/** People who say this; how often they were asked for words, and how many were said to be passed on. */
function spoken(all: string[]) {
  let asked = 0;
  const words: AsyncIterable<string> = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        const value = all[asked++];
        return value === undefined
          ? new Promise<never>(() => {})
          : Promise.resolve({ done: false, value });
      },
    }),
  };
  return { words, asked: () => asked, passedOn: () => Math.max(0, asked - 1) };
}

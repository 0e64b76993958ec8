import { access, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PermissionAnswer } from "@ampx/core";
import { createAgent } from "@ampx/worker";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { setStage } from "../../packages/worker/src/agents/agent-stage.ts";
import type { AgentEvent } from "../../packages/worker/src/ports.ts";
import { claudeCode } from "./claude-code.ts";
import { callTokens, type Model, type ModelAnswer, say, scripted, use } from "./model-script.ts";

beforeAll(async () => {
  await claudeCode.install();
});

describe.concurrent("the real claude, spoken to while it works,", () => {
  test("asks before it edits and runs commands, and does as it is answered", async () => {
    const outside = join("/", "etc", "ampx-was-here");
    await using set = await setUp([
      [
        claudeCode.edit("a.txt", "world", "moon"),
        use("Write", { file_path: outside, content: "x" }),
        use("Bash", { command: "git init --quiet && git add a.txt" }),
        use("Bash", { command: "ls" }),
        say("Done."),
      ],
    ]);
    const asked: string[] = [];
    const { outcome, events } = await set.run({
      async permit({ tool, input, paths }): Promise<PermissionAnswer> {
        asked.push(`${tool} ${paths.join() || input}`);
        return paths.includes(outside) ? { is: "denied", why: "Not there." } : { is: "allowed" };
      },
    });
    expect(outcome).toEqual({ is: "completed", said: "Done." });
    expect(asked).toEqual([
      `Edit ${set.folder}/a.txt`,
      `Write ${outside}`,
      "Bash git init --quiet && git add a.txt",
    ]);
    await expect(access(outside)).rejects.toThrow("ENOENT");
    expect(await set.git("diff", "--cached", "--name-only")).toBe("a.txt");
    expect(events).toContainEqual({ type: "diagnostic", text: "Permission denied: Write" });
  });

  test("takes words into the turn that runs", async () => {
    await using set = await setUp([[use("Bash", { command: "sleep 1" }), say("Done.")]]);
    const rest = ["Use tabs.", "And no semicolons."];
    const words: AsyncIterable<string> = {
      [Symbol.asyncIterator]: () => ({
        next: async () => {
          const value = rest.shift();
          return value === undefined ? new Promise<never>(() => {}) : { done: false, value };
        },
      }),
    };
    const { outcome } = await set.run({ words });
    expect(outcome).toEqual({ is: "completed", said: "Done." });
    expect(rest).toEqual([]);
    // As the model has got them.
    const conversation = await set.conversation();
    expect(conversation).toContain("Use tabs.");
    expect(conversation).toContain("And no semicolons.");
  });

  test("accounts for a turn that is aborted, and the next turn for itself alone", async () => {
    const hides = use("Bash", { command: "echo there > there.txt; tail -f /dev/null" });
    await using set = await setUp([[use("Bash", { command: "ls" }), hides], [say("Back.")]]);
    const abort = new AbortController();
    const watching = set.untilThere("there.txt").then(() => abort.abort());
    const first = await set.run({ signal: abort.signal });
    await watching;
    expect(first.outcome).toEqual({ is: "cancelled" });
    expect(usagesIn(first.events)).toEqual([usage(2)]);
    const session = first.events.find((event) => event.type === "session")?.id ?? null;
    const next = await set.run({ session });
    expect(next.outcome).toEqual({ is: "completed", said: "Back." });
    expect(usagesIn(next.events)).toEqual([usage(1)]);
  });

  test("ends a turn that has spent what was left, whatever the session has cost before", async () => {
    const look = use("Bash", { command: "ls" });
    await using set = await setUp([[look, look, look, say("One.")], [look]]);
    const first = await set.run({ left: { usd: 1, tokens: null } });
    expect(first.outcome.is).toBe("completed");
    const [{ usd } = usage(0)] = usagesIn(first.events);
    const session = first.events.find((event) => event.type === "session")?.id ?? null;
    // Half of what the first turn has cost: two of its four calls, and the one that is too many.
    const left = { usd: (usd ?? 0) * 0.6, tokens: null };
    const next = await set.run({ session, left });
    expect(next.outcome).toEqual({ is: "limit", of: "budget", said: "" });
    expect(usagesIn(next.events)).toEqual([usage(3)]);
  });

  test("gives its slot back when the provider asks for a long wait, and says until when", async () => {
    const headers = { "retry-after": "60" };
    const refusal = { status: 429, type: "rate_limit_error", message: "Slow down.", headers };
    await using set = await setUp([[use("Bash", { command: "ls" }), refusal]]);
    const { outcome, events } = await set.run({ stallMs: 50_000 });
    expect(outcome).toMatchObject({ is: "failed", kind: "rate_limit" });
    const wait = outcome.is === "failed" ? (outcome.resetAt ?? 0) - Date.now() : 0;
    expect(wait).toBeGreaterThan(10_000);
    expect(wait).toBeLessThan(120_000);
    expect(usagesIn(events)).toEqual([usage(1)]);
  });

  test("is not ended while its subagents are at work", async () => {
    const task = { description: "look", prompt: "Look around.", subagent_type: "general-purpose" };
    const model: Model = ({ prompt, step }) => {
      if (prompt === "Look around.")
        return step === 0 ? use("Bash", { command: "sleep 2; touch looked.txt" }) : say("Seen.");
      if (step === 0) return use("Task", task);
      return say(step === 1 ? "It is being looked at." : "All done.");
    };
    await using set = await setUp(model);
    const { outcome, events } = await set.run({});
    expect(outcome).toEqual({ is: "completed", said: "All done." });
    await access(join(set.folder, "looked.txt"));
    expect(usagesIn(events)).toEqual([usage(5)]);
  });
});

/** What so many calls have used. */
function usage(calls: number) {
  return {
    type: "usage" as const,
    inputTokens: callTokens.input * calls,
    outputTokens: callTokens.output * calls,
    cacheReadTokens: callTokens.cacheRead * calls,
    cacheWriteTokens: callTokens.cacheWrite * calls,
    usd: expect.any(Number) as number,
    source: "reported" as const,
  };
}

function usagesIn(events: AgentEvent[]) {
  return events.filter((event) => event.type === "usage");
}

async function setUp(answers: Model | (ModelAnswer | Model)[][]) {
  await using made = new AsyncDisposableStack();
  const stage = made.use(await setStage());
  const answer = typeof answers === "function" ? answers : scripted(answers);
  const model = made.use(await claudeCode.startModel({ answer }));
  await writeFile(join(stage.cwd, "a.txt"), "hello world\n");
  const home = join(stage.folder, "home");
  const settled = await claudeCode.settle({ home, url: model.url, key: "any" });
  const deps = stage.deps({ claude: { command: await claudeCode.install(), args: [] } });
  const agent = createAgent("claude", {
    ...deps,
    env: { ...deps.env, ...settled },
    graceMs: 3_000,
  });
  const disposables = made.move();
  return {
    folder: stage.cwd,
    run: (options: Parameters<typeof stage.run>[1]) => stage.run(agent, options),
    git: async (...args: string[]) =>
      (await execa("git", args, { cwd: stage.cwd, env: { HOME: home } })).stdout,
    untilThere: (file: string) =>
      expect
        .poll(() => readFile(join(stage.cwd, file), "utf8").catch(() => ""), {
          timeout: 60_000,
          interval: 50,
        })
        .not.toBe(""),
    /** All that its sessions hold. */
    async conversation(): Promise<string> {
      const projects = join(home, ".claude/projects");
      const names = await readdir(projects, { recursive: true });
      const files = names.filter((name) => name.endsWith(".jsonl"));
      const texts = await Promise.all(files.map((name) => readFile(join(projects, name), "utf8")));
      return texts.join("\n");
    },
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}

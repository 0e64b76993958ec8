import { readFile } from "node:fs/promises";
import { ServerStatus } from "@ampx/core";
import { beforeAll, expect, test } from "vitest";
import { makeAgentWorld } from "./agent-world.ts";
import { filesWith } from "./files-with.ts";
import { say, scripted } from "./model-script.ts";
import type { RealAgent } from "./real-agent.ts";
import { ci, project, slugTurns, task } from "./slug-project.ts";

export interface WholeTaskTraits {
  /** Null: it is not asked. */
  version: string | null;
  /** The agent's own main process, by its command line. */
  process: RegExp;
}

/** The real agent, driven by the real commands of ampx, from a task to a merge, with a red CI between. */
export function testWholeTask(
  agent: RealAgent,
  { version, process: ofAgent }: WholeTaskTraits,
): void {
  beforeAll(async () => {
    await agent.install();
  });

  test(`a change of ${agent.name}'s that breaks a test goes back to the same session, is mended, and is merged`, async () => {
    const { cut, newTest, mend } = slugTurns(agent.edit);
    await using world = await makeAgentWorld({
      agent,
      project,
      ci,
      answer: scripted([
        [cut, newTest, say("Slugs are cut at 14 characters.")],
        [mend, say("A cut slug no longer ends with a dash.")],
      ]),
    });
    const { kim, model, base, key } = world;
    const { id, branch } = await world.start(task);

    await world.ampx("logs", "--follow", id);
    const ready = await world.show(id);
    expect(ready).toMatchObject({
      status: "success",
      phase: "ready",
      attempts: 2,
      agent: agent.name,
    });
    expect(ready.tries.map(({ said, verdict }) => [said, verdict])).toEqual([
      ["Slugs are cut at 14 characters.", "failed"],
      ["A cut slug no longer ends with a dash.", "passed"],
    ]);

    // One session, known to ampx, which received the task, then what failed.
    const prompts = model.calls.filter(({ step }) => step === 0);
    expect(prompts.map(({ turn }) => turn)).toEqual([0, 1]);
    expect(prompts[0]?.prompt).toContain(task);
    expect(prompts[1]?.prompt).toContain("a slug ends with a letter or a digit");
    expect(prompts[1]?.prompt).toContain("'one-two-three-'");
    expect(ready.thread_id).not.toBeNull();

    await world.ampx("merge", id);
    expect(await world.show(id)).toMatchObject({ status: "success", phase: "merged" });
    expect(await world.git("show", "main:src/slug.js")).toContain(
      '.join("-").slice(0, 14).replace(/-$/, "")',
    );

    // Of the agent's own doings nothing is in the repository.
    expect(await world.git("diff", "--name-only", base, "main")).toBe(
      "src/slug.js\ntest/slug.test.js",
    );
    expect(await world.git("log", "--format=%an", `${base}..main`)).toBe("ampx\nampx");
    expect(await world.git("log", "--format=%B", `${base}..main`)).not.toMatch(/co-authored/i);
    expect(await world.git("branch", "--format=%(refname:short)")).toBe(`${branch}\nmain`);
    expect(await kim.git(ready.worktree ?? "", "status", "--porcelain", "--ignored")).toBe("");

    // The raw stream of both turns is kept; the key and the task are on no command line, and the key in no file of ampx.
    const raws = (await world.logs(id)).files.filter((file) => /turn-\d+\.log$/.test(file));
    expect(raws).toHaveLength(2);
    expect(await readFile(raws[0] ?? "", "utf8")).toContain("Slugs are cut at 14 characters.");
    expect(await filesWith(kim.home, key)).toEqual([]);
    const lines = [...world.commandLines];
    expect(lines.some((line) => ofAgent.test(line))).toBe(true);
    expect(lines.join("\n")).not.toContain(key);
    expect(lines.join("\n")).not.toContain(task);

    const { workers } = ServerStatus.parse(JSON.parse(await world.ampx("status", "--json")));
    expect(workers[0]?.agents.find(({ name }) => name === agent.name)).toMatchObject({
      version,
      problems: [],
    });
    await world.quiet();
    await world.ampx("stop");
    expect(world.processes()).toEqual([]);
  });
}

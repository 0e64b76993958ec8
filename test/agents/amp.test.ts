import { readFile } from "node:fs/promises";
import { ServerStatus } from "@ampx/core";
import { beforeAll, expect, test } from "vitest";
import { makeAmpWorld } from "./amp-world.ts";
import { filesWith } from "./files-with.ts";
import { ampVersion, installAmp } from "./install-amp.ts";
import { edit, run } from "./mock-amp-server.ts";
import { say, scripted } from "./model-script.ts";
import { ci, project, slugTurns, task } from "./slug-project.ts";

// The real Amp CLI, driven by the real commands of ampx, against a model that plays a script.

const { cut, mend, newTest } = slugTurns(edit);

beforeAll(async () => {
  await installAmp();
});

test("a change of Amp's that breaks a test goes back to the same thread, is mended, and is merged", async () => {
  await using world = await makeAmpWorld({
    project,
    ci,
    answer: scripted([
      // What the tool prints is the person's key.
      [run("printenv AMP_API_KEY"), cut, newTest, say("Slugs are cut at 14 characters.")],
      [mend, say("A cut slug no longer ends with a dash.")],
    ]),
  });
  const { kim, model, base, key } = world;
  const { id, branch } = await world.start(task);

  const shown = await world.ampx("logs", "--follow", id);
  const ready = await world.show(id);
  expect(ready).toMatchObject({ status: "success", phase: "ready", attempts: 2, agent: "amp" });
  expect(ready.tries.map(({ said, verdict }) => [said, verdict])).toEqual([
    ["Slugs are cut at 14 characters.", "failed"],
    ["A cut slug no longer ends with a dash.", "passed"],
  ]);
  expect(shown).toContain("▸ edit_file");

  // One thread, known to ampx, which received the task, then what failed.
  const prompts = model.calls.filter(({ step }) => step === 0);
  expect(prompts.map(({ turn }) => turn)).toEqual([0, 1]);
  expect(ready.thread_id).toMatch(/^T-[0-9a-f-]{36}$/);
  expect(new Set(model.calls.map(({ session }) => session))).toEqual(new Set([ready.thread_id]));
  expect(prompts[0]?.prompt).toContain(task);
  expect(prompts[1]?.prompt).toContain("CI is red for commit");
  expect(prompts[1]?.prompt).toContain("a slug ends with a letter or a digit");
  expect(prompts[1]?.prompt).toContain("AssertionError");
  expect(prompts[1]?.prompt).toContain("'one-two-three-'");

  await world.ampx("merge", id);
  expect(await world.show(id)).toMatchObject({ status: "success", phase: "merged" });
  expect(await world.git("rev-parse", "main")).toBe(ready.commit);
  expect(await world.git("show", "main:src/slug.js")).toContain(
    '.join("-").slice(0, 14).replace(/-$/, "")',
  );

  // Of Amp's own doings nothing is in the repository.
  expect(await world.git("diff", "--name-only", base, "main")).toBe(
    "src/slug.js\ntest/slug.test.js",
  );
  expect(await world.git("log", "--format=%an", `${base}..main`)).toBe("ampx\nampx");
  const messages = await world.git("log", "--format=%B", `${base}..main`);
  expect(messages).not.toMatch(/amp-thread|co-authored/i);
  expect(await world.git("branch", "--format=%(refname:short)")).toBe(`${branch}\nmain`);
  expect(await kim.git(ready.worktree ?? "", "status", "--porcelain", "--ignored")).toBe("");

  // The raw stream of both turns is kept, and the key is nowhere.
  const raws = (await world.logs(id)).files.filter((file) => /turn-\d+\.log$/.test(file));
  expect(raws).toHaveLength(2);
  for (const file of raws)
    expect(await readFile(file, "utf8")).toMatch(/^\{"type":"result","subtype":"success"/m);
  expect(await readFile(raws[0] ?? "", "utf8")).toMatch(/"output\\":\\"\[redacted/);
  expect(await filesWith(kim.home, key)).toEqual([]);
  expect(await filesWith(world.repo, key)).toEqual([]);
  const ampLines = [...world.commandLines].filter((line) =>
    /\bthreads (?:new|continue)\b/.test(line),
  );
  expect(ampLines.length).toBeGreaterThanOrEqual(3);
  expect([...world.commandLines].join("\n")).not.toContain(key);
  expect([...world.commandLines].join("\n")).not.toContain(task);

  const { workers } = ServerStatus.parse(JSON.parse(await world.ampx("status", "--json")));
  expect(workers[0]?.agents.find(({ name }) => name === "amp")).toMatchObject({
    version: ampVersion,
    problems: [],
  });
  await world.quiet();
  await world.ampx("stop");
  expect(world.processes()).toEqual([]);
});

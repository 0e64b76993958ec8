import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeAgent } from "./agent-contract.ts";
import { setStage, type Stage } from "./agent-stage.ts";
import { commandAgent } from "./command.ts";
import type { Step } from "./scripted-script.ts";

describeAgent("command", {
  resumes: false,
  async make(steps, stage) {
    const file = join(stage.folder, "agent.sh");
    await writeFile(file, steps.map(shellOf).join("\n"));
    return agentOf(stage, ["sh", file]);
  },
});

test("gives the prompt, however long, on the standard input", async () => {
  await using stage = await setStage();
  const prompt = "Make it work. ".repeat(50_000);
  const { outcome } = await stage.run(agentOf(stage, ["sh", "-c", "cat > prompt.txt"]), { prompt });
  expect(outcome).toEqual({ is: "completed", said: "" });
  expect(await readFile(join(stage.cwd, "prompt.txt"), "utf8")).toBe(prompt);
});

test("completes although the command does not read the prompt", async () => {
  await using stage = await setStage();
  const { outcome } = await stage.run(agentOf(stage, ["true"]), { prompt: "x".repeat(1_000_000) });
  expect(outcome).toEqual({ is: "completed", said: "" });
});

test.each([
  ["a program that is not there", ["no-such-program"], "spawn", /ENOENT/],
  [
    "a command that the shell does not find",
    ["sh", "-c", "no-such-program"],
    "spawn",
    /exited with 127: .*not found/,
  ],
  ["a command that may not be run", ["sh", "-c", "exit 126"], "spawn", /exited with 126$/],
  [
    "a crash",
    ["sh", "-c", "echo out of ideas >&2; exit 1"],
    "protocol",
    /exited with 1: out of ideas$/,
  ],
  ["a death by signal", ["sh", "-c", "kill -9 $$"], "protocol", /was ended by SIGKILL$/],
])("says what stopped %s", async (_, command, kind, message) => {
  await using stage = await setStage();
  const { outcome } = await stage.run(agentOf(stage, command));
  expect(outcome).toEqual({ is: "failed", kind, message: expect.stringMatching(message) });
});

test("says when no command is configured, or it is not installed", async () => {
  await using stage = await setStage();
  const { signal } = new AbortController();
  expect((await commandAgent(stage.deps()).probe(signal)).problems.map(({ what }) => what)).toEqual(
    ["no command is configured"],
  );
  expect(await agentOf(stage, ["no-such-program"]).probe(signal)).toMatchObject({
    command: null,
    problems: [{ what: 'the command "no-such-program" is not installed' }],
  });
  expect(await agentOf(stage, ["sh"]).probe(signal)).toMatchObject({
    command: expect.stringMatching(/^\/.*\/sh$/),
    problems: [],
  });
});

test("keeps the newest 4,000 characters as what was said", async () => {
  await using stage = await setStage();
  const { outcome } = await stage.run(agentOf(stage, ["sh", "-c", "seq 1 5000"]));
  expect(outcome.is === "completed" && outcome.said.length).toBeLessThanOrEqual(4_000);
  expect(outcome).toMatchObject({ said: expect.stringMatching(/4999\n5000$/) });
});

function agentOf(stage: Stage, command: string[]) {
  return commandAgent(stage.deps({ command: { command } }));
}

function shellOf(step: Step): string {
  if ("say" in step) return `echo ${quoted(step.say)}`;
  if ("raw" in step) return `printf '%s\\n' ${quoted(step.raw)}`;
  if ("write" in step)
    return `mkdir -p "$(dirname ${step.write})"; printf '%s' ${quoted(step.content)} > ${step.write}`;
  if ("run" in step) return step.run;
  if ("print" in step)
    return `awk 'BEGIN { for (n = 1; n <= ${step.print}; n++) { s = "line " n " "; while (length(s) < ${step.width - 1}) s = s "....................................................."; print substr(s, 1, ${step.width - 1}) } }'`;
  if ("hang" in step) return "sleep 60";
  if ("exit" in step) return `exit ${step.exit}`;
  throw new Error(`no shell for ${JSON.stringify(step)}`);
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

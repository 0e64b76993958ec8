// The scripted agent's own process: scripted-main <script> <state folder> <session>. On the standard input, lines of JSON: the prompt,
// then answers to what it asks, and what people say meanwhile.
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { openInput } from "./scripted-input.ts";
import { Script, type Step } from "./scripted-script.ts";
import { ScriptedSession } from "./scripted-session.ts";
import { performStep, print, type StepEnd } from "./scripted-step.ts";

const [scriptFile = "", stateDir = "", sessionId = ""] = process.argv.slice(2);

try {
  await playTurn();
} catch (error) {
  await print({
    failed: "protocol",
    message: error instanceof Error ? error.message : String(error),
  });
  process.exitCode = 1;
}

async function playTurn(): Promise<void> {
  using input = openInput((words) => void print({ heard: words }));
  const session = new ScriptedSession(stateDir, sessionId);
  const firstPrompt = await session.receive(await input.prompt);
  const { turn, step: done } = await session.progress();
  const steps = (await turnsFor(firstPrompt))[turn];

  let said = steps === undefined ? "There is nothing left to do." : "";
  for (const [index, step] of (steps ?? []).entries()) {
    if (index < done) continue;
    if (isDoneOnce(step)) await session.advance({ turn, step: index + 1 });
    const end = await performStep(step, input);
    if (end === undefined || "said" in end) said = end?.said ?? said;
    else return endTurn(end);
    await session.advance({ turn, step: index + 1 });
  }
  if (steps !== undefined) await session.advance({ turn: turn + 1, step: 0 });
  await print({ completed: said });
}

async function turnsFor(firstPrompt: string): Promise<Step[][]> {
  const script = Script.parse(parse(await readFile(scriptFile, "utf8")));
  return (script.cases.find(({ when }) => firstPrompt.includes(when)) ?? script).turns;
}

function isDoneOnce(step: Step): boolean {
  return "hang" in step || "exit" in step || "fail" in step || "use" in step;
}

async function endTurn(end: Exclude<StepEnd, { said: string }>): Promise<void> {
  if ("exit" in end) process.exitCode = end.exit;
  else await print(end);
}

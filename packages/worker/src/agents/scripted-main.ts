// The scripted agent's own process: scripted-main <script> <state folder> <session>, the prompt on the standard input.
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { parse } from "yaml";
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
  const session = new ScriptedSession(stateDir, sessionId);
  const firstPrompt = await session.receive(await text(process.stdin));
  const { turn, step: done } = await session.progress();
  const steps = (await turnsFor(firstPrompt))[turn];

  let said = steps === undefined ? "There is nothing left to do." : "";
  for (const [index, step] of (steps ?? []).entries()) {
    if (index < done) continue;
    if (endsTheTurn(step)) await session.advance({ turn, step: index + 1 });
    const end = await performStep(step);
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

function endsTheTurn(step: Step): boolean {
  return "hang" in step || "exit" in step || "fail" in step;
}

async function endTurn(end: Exclude<StepEnd, { said: string }>): Promise<void> {
  if ("exit" in end) process.exitCode = end.exit;
  else await print(end);
}

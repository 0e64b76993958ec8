import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ScriptedInput } from "./scripted-input.ts";
import type { Step } from "./scripted-script.ts";

/** What a step means for its turn; nothing: go on. */
export type StepEnd =
  | { said: string }
  | { exit: number }
  | { failed: string; message: string; reset_in_seconds?: number | undefined };

/** Does one step in the current folder. Without an input nobody can be asked. */
export async function performStep(
  step: Step,
  input?: Pick<ScriptedInput, "answer">,
): Promise<StepEnd | undefined> {
  if ("say" in step) {
    await print({ text: step.say });
    return { said: step.say };
  }
  if ("exit" in step) return { exit: step.exit };
  if ("fail" in step)
    return { failed: step.fail, message: step.message, reset_in_seconds: step.reset_in_seconds };
  if ("sleep" in step) await sleep(step.sleep);
  else if ("print" in step) await printLines(step.print, step.width);
  else if ("raw" in step) await write(`${step.raw}\n`);
  else if ("hang" in step) await hang(step.deaf);
  else if ("use" in step) await print({ usage: step.use });
  else if ("ask" in step) await ask(step.ask, input);
  else await useTool(step);
  return undefined;
}

/** Prints one message of the agent's protocol. */
export async function print(message: Record<string, unknown>): Promise<void> {
  await write(`${JSON.stringify(message)}\n`);
}

async function ask(
  request: Extract<Step, { ask: object }>["ask"],
  input: Pick<ScriptedInput, "answer"> | undefined,
): Promise<void> {
  await print({ ask: request });
  const answer = await input?.answer();
  if (answer === undefined) throw new Error("There is nobody to ask");
  await print({ text: answer.is === "allowed" ? "allowed" : `denied: ${answer.why}` });
}

type ToolStep = Extract<
  Step,
  { write: string } | { delete: string } | { edit: string } | { run: string }
>;

async function useTool(step: ToolStep): Promise<void> {
  const [[name, input] = ["", ""]] = Object.entries(step);
  await print({ tool: name, input });
  let ok = true;
  if ("write" in step) await writeWhole(step.write, step.content, step.executable);
  else if ("delete" in step) await rm(inWorktree(step.delete), { recursive: true, force: true });
  else if ("edit" in step) await edit(step);
  else ok = await runCommand(step.run);
  await print({ tool_ended: name, ok });
}

async function writeWhole(path: string, content: string, executable: boolean): Promise<void> {
  const file = inWorktree(path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
  if (executable) await chmod(file, 0o755);
}

async function edit({ edit: path, find, replace }: Extract<Step, { edit: string }>): Promise<void> {
  const file = inWorktree(path);
  const before = await readFile(file, "utf8");
  if (before.includes(find))
    await writeFile(
      file,
      before.replace(find, () => replace),
    );
  else if (!before.includes(replace))
    throw new Error(`${path} does not contain ${JSON.stringify(find)}`);
}

async function runCommand(line: string): Promise<boolean> {
  const child = spawn("sh", ["-c", line], { stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await once(child, "exit");
  return code === 0;
}

async function printLines(count: number, width: number): Promise<void> {
  const perWrite = Math.max(1, Math.floor(65_536 / width));
  for (let first = 1; first <= count; first += perWrite) {
    let text = "";
    for (let n = first; n < first + perWrite && n <= count; n++)
      text += `line ${n} `.padEnd(width - 1, ".") + "\n";
    await write(text);
  }
}

async function hang(deaf: boolean): Promise<void> {
  if (deaf) for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => undefined);
  for (;;) await sleep(3_600_000);
}

function inWorktree(path: string): string {
  const file = resolve(path);
  if (relative(process.cwd(), file).startsWith(".."))
    throw new Error(`${path} is outside the worktree`);
  return file;
}

async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

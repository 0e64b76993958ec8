import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAgentProcess } from "./agent-process.ts";
import { plainLine } from "./plain-line.ts";
import { exitText, tailOf } from "./turn-outcome.ts";

export interface ProgramAnswer {
  /** Both outputs, at most 64 KiB of them. */
  text: string;
  /** Why it gave no answer, in words; null when it ended well. */
  fault: string | null;
}

const patienceMs = 20_000;

/**
 * Asks a program about itself, such as by `--version`. It sees a home that is thrown away: some make folders or download
 * things at every start, and to be asked should leave no trace. `asPerson`: it sees the person's own home, for what stands there.
 */
export async function askProgram(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  signal: AbortSignal,
  { asPerson = false } = {},
): Promise<ProgramAnswer> {
  const home = await mkdtemp(join(tmpdir(), "ampx-ask-"));
  await using _thrownAway = {
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
  const output = tailOf(64 * 1024);
  const end = await runAgentProcess(
    {
      command,
      args,
      cwd: home,
      env: { ...(asPerson ? env : { ...withoutHomes(env), HOME: home }), TMPDIR: home },
      input: "",
      mark: `ampx-probe-${randomUUID()}`,
      rawFile: null,
      wallMs: patienceMs,
      stallMs: patienceMs,
      graceMs: 1_000,
      redact: (text) => text,
      onLine: (_stream, line) => output.add(plainLine(line.text)),
    },
    signal,
  );
  const text = output.text();
  if (end.is === "exited" && end.code === 0) return { text, fault: null };
  const how =
    end.is === "exited"
      ? exitText(end)
      : end.is === "not_started"
        ? end.message
        : `did not answer (${end.is})`;
  const words = text === "" ? "" : `: ${text.slice(0, 300)}`;
  return { text, fault: `${args.join(" ")} ${how}${words}` };
}

function withoutHomes(env: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^XDG_.*_HOME$/.test(name)));
}

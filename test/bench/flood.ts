import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { homePaths, type CreatedTask, type LogPage } from "@ampx/core";
import type { Figure } from "./figure.ts";
import { type Finding, isMet, type Round, type Target } from "./finding.ts";
import { makeRepository } from "./large-repository.ts";
import { canReadMemory, childrenOf, memoryOf } from "./memory.ts";
import { ampxProgram, serveHome, type ServedHome } from "./served-home.ts";

const lines = 1_000_000;
/** A line with its end; with a million of them 100 MB. */
const lineBytes = 100;
const maxRounds = 3;

/** An agent that floods its output costs no line, no memory, and nobody's patience. */
export const flood: Figure = {
  name: "flood",
  async run(folder, signal) {
    const findings = [
      finding("lines lost between the agent, the raw file and the log", "lines", {
        is: "most",
        of: "median",
        atMost: 0,
        inEvery: true,
      }),
      finding("peak memory of the worker", "MB", { is: "most", of: "median", atMost: 300 }),
      finding("last line printed → shown by ampx logs -f", "ms", {
        is: "most",
        of: "median",
        atMost: 1_000,
      }),
      finding("first line → last line", "ms", null, "the same program into cat > file"),
    ] as const;
    const [lost, memory, delay, time] = findings;
    for (
      let round = 0;
      round < maxRounds && !findings.every((one) => isMet(one) ?? round > 0);
      round++
    ) {
      const found = await floodOnce(join(folder, String(round)), signal);
      lost.rounds.push(only(found.lost));
      if (found.peak !== null) memory.rounds.push(only(found.peak));
      delay.rounds.push(only(found.delay));
      time.rounds.push({ measured: [found.ms], baseline: [found.catMs] });
    }
    return canReadMemory ? [...findings] : [lost, delay, time];
  },
};

interface Flooded {
  lost: number;
  peak: number | null;
  delay: number;
  ms: number;
  catMs: number;
}

async function floodOnce(folder: string, signal: AbortSignal): Promise<Flooded> {
  mkdirSync(folder);
  const repo = makeRepository(folder, 1);
  const agent = writeAgent(folder);
  const catMs = await throughCat(folder, agent, signal);

  await using served = await serveHome(folder, signal, { agent: ["sh", agent] });
  const worker = childrenOf(served.pid).find(({ commandLine }) =>
    commandLine.includes("worker-main"),
  );
  const body = { repo, prompt: "Print a lot.", max_attempts: 1 };
  const { id } = JSON.parse(await served.api("POST", "/tasks", body)) as CreatedTask;
  const shownAt = await lastLineShown(served, id, signal);
  await served.untilOver(id);
  const { first, last } = times(folder);
  return {
    lost: (await lostInFile(served.home, id)) + (await lostInLog(served, id)),
    peak: worker === undefined || !canReadMemory ? null : memoryOf(worker.pid).peak,
    delay: shownAt - last,
    ms: last - first,
    catMs,
  };
}

/** Prints numbered lines as fast as they are taken, says when it printed the first and the last one, and stays a little. */
function writeAgent(folder: string): string {
  const file = join(folder, "agent.sh");
  const width = lineBytes - 1 - "line ".length;
  writeFileSync(
    file,
    [
      `date +%s%N > '${folder}/first'`,
      `awk 'BEGIN { for (n = 1; n < ${lines}; n++) printf "line %0${width}d\\n", n }'`,
      `date +%s%N > '${folder}/last'`,
      `printf 'line %0${width}d\\n' ${lines}`,
      "sleep 2",
      "",
    ].join("\n"),
  );
  return file;
}

function times(folder: string): { first: number; last: number } {
  const at = (name: string) => Number(readFileSync(join(folder, name), "utf8")) / 1e6;
  return { first: at("first"), last: at("last") };
}

async function throughCat(folder: string, agent: string, signal: AbortSignal): Promise<number> {
  const child = spawn("sh", ["-c", `sh '${agent}' | cat > '${folder}/cat'`], { signal });
  await once(child, "exit");
  const { first, last } = times(folder);
  return last - first;
}

/** Follows the log as a person does; epoch milliseconds at which the last line was on the terminal. */
async function lastLineShown(served: ServedHome, id: string, signal: AbortSignal): Promise<number> {
  const following = spawn(process.execPath, [ampxProgram, "logs", "-f", id], {
    env: served.env,
    stdio: ["ignore", "pipe", "inherit"],
    signal,
  });
  const ended = once(following, "exit");
  let shownAt: number | undefined;
  let seen = "";
  following.stdout.setEncoding("utf8").on("data", (text: string) => {
    seen = (seen + text).slice(-4_096 - text.length);
    if (shownAt === undefined && /line 0*1000000\b/.test(seen)) shownAt = Date.now();
  });
  await ended;
  if (shownAt === undefined) throw new Error(`the last line was never shown: ${seen.slice(-500)}`);
  return shownAt;
}

/** Lines of the raw file that are missing, double or not where they belong. */
async function lostInFile(home: string, id: string): Promise<number> {
  const file = join(homePaths(home).logs, id, "turn-1.log");
  if (!existsSync(file)) return lines;
  let count = 0;
  let wrong = 0;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    count++;
    if (Number(line.slice("line ".length)) !== count) wrong++;
  }
  return wrong + Math.max(0, lines - count);
}

/** The log keeps the newest lines only, but its numbers count all of them: what lies between two agent lines must be between their numbers, too. */
async function lostInLog(served: ServedHome, id: string): Promise<number> {
  const { lines: kept } = JSON.parse(
    await served.api("GET", `/tasks/${id}/logs?tail=5000`),
  ) as LogPage;
  const agent = kept.filter(({ stream }) => stream === "agent");
  const workersBefore = agent.map(({ n, text }) => n - Number(text.slice("line ".length)));
  const gaps = kept.slice(1).filter(({ n }, at) => n !== (kept[at]?.n ?? 0) + 1).length;
  const newest = Number(agent.at(-1)?.text.slice("line ".length));
  return gaps + (lines - newest) + (new Set(workersBefore).size - 1);
}

function finding(
  what: string,
  unit: Finding["unit"],
  target: Target | null,
  baseline: string | null = null,
): Finding {
  const about = `An agent prints ${lines.toLocaleString("en")} lines (${(lines * lineBytes) / 1e6} MB): ${what}`;
  return { what: about, unit, rounds: [], baseline, target };
}

function only(value: number): Round {
  return { measured: [value], baseline: [] };
}

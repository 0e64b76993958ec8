import { mkdir, mkdtemp, realpath, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { agentStart } from "./agent-start.ts";
import { agentTurn } from "./agent-turn.ts";
import { excerpts } from "./excerpts.ts";
import type { Figure } from "./figure.ts";
import type { Finding } from "./finding.ts";
import { flood } from "./flood.ts";
import { githubRequests } from "./github-requests.ts";
import { githubTasks } from "./github-tasks.ts";
import { idleMemory } from "./idle-memory.ts";
import { listCommand } from "./list-command.ts";
import { listTasks } from "./list-tasks.ts";
import { manyTasks } from "./many-tasks.ts";
import { findingJson, findingText, hasFailed } from "./report.ts";
import { scheduleDecision } from "./schedule-decision.ts";
import { storeSpeed } from "./store-speed.ts";
import { worktrees } from "./worktrees.ts";

const figures: Figure[] = [
  listCommand,
  agentStart,
  agentTurn,
  listTasks,
  idleMemory,
  flood,
  excerpts,
  storeSpeed,
  scheduleDecision,
  worktrees,
  manyTasks,
  githubRequests,
  githubTasks,
];

// Measures what is promised and says whether it holds: `npm run bench -- [--only <figure>]… [--json]`. Exit code 1: a target was missed.
const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true, default: [] },
    json: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  },
});
const unknown = values.only.filter((name) => !figures.some((figure) => figure.name === name));
if (values.help || unknown.length > 0) {
  const usage = `npm run bench -- [--only <figure>]… [--json]\nFigures: ${figures.map(({ name }) => name).join(", ")}\n`;
  if (unknown.length > 0) process.stderr.write(`There is no figure ${unknown.join(", ")}\n`);
  process.stdout.write(usage);
  process.exitCode = unknown.length > 0 ? 2 : 0;
} else {
  await measureAll(
    figures.filter(({ name }) => values.only.length === 0 || values.only.includes(name)),
  );
}

async function measureAll(chosen: Figure[]): Promise<void> {
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort(new Error("interrupted")));
  process.once("SIGTERM", () => interrupted.abort(new Error("interrupted")));
  const folder = await realpath(await mkdtemp(join(tmpdir(), "ampx-bench-")));
  const report: object[] = [];
  let failed = false;
  try {
    for (const figure of chosen) {
      const findings = await measured(figure, join(folder, figure.name), interrupted.signal);
      failed ||= findings.some(hasFailed);
      const load = loadavg()[0] ?? 0;
      report.push(...findings.map((finding) => findingJson(figure.name, finding, load)));
      if (!values.json)
        for (const finding of findings) process.stdout.write(findingText(finding, load));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  if (values.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  process.exitCode = failed ? 1 : 0;
}

async function measured(figure: Figure, folder: string, signal: AbortSignal): Promise<Finding[]> {
  signal.throwIfAborted();
  process.stderr.write(`measuring ${figure.name} ...\n`);
  await mkdir(folder);
  try {
    return await figure.run(folder, signal);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

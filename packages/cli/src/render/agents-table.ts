import type { AgentsReport } from "../agents-report.ts";
import { columnLine, columnWidths } from "./columns.ts";
import type { Paint, Style } from "./paint.ts";
import { parkedWords } from "./parked-words.ts";
import { printableLine } from "./printable.ts";

type Agent = AgentsReport["agents"][number];

const head = ["AGENT", "VERSION", "STATE", "RESUMES", "TOKENS", "COST", "ASKS", "LISTENS"];

/** The agents and what each can do, and below that what is wrong and what to do about it. `now` in epoch milliseconds. */
export function agentsTable(
  { agents }: AgentsReport,
  { now, paint }: { now: number; paint: Paint },
): string {
  const rows = agents.map(cells);
  const widths = columnWidths([head, ...rows]);
  const table = [
    columnLine(head, widths, (text) => paint("dim", text)),
    ...agents.map((agent, index) =>
      columnLine(rows[index] ?? [], widths, (text, column) => styled(agent, text, column, paint)),
    ),
  ];
  const legend = paint(
    "dim",
    "RESUMES its session · tells TOKENS and COST · ASKS before it uses a tool · LISTENS while it works",
  );
  const wrong = agents.flatMap((agent) => problemLines(agent, now, paint));
  return [...table, "", legend, ...(wrong.length === 0 ? [] : ["", ...wrong])].join("\n");
}

function cells(agent: Agent): string[] {
  const { name, version, can } = agent;
  return [
    `${printableLine(name)}${agent.default ? " (default)" : ""}`,
    version === null ? "–" : printableLine(version),
    states[stateOf(agent)].words,
    yesNo(can.resume),
    can.tokens.replace("_", " "),
    can.cost.replace("_", " "),
    yesNo(can.permissions),
    yesNo(can.steering),
  ];
}

type State = "ready" | "parked" | "broken" | "absent";

const states: Record<State, { words: string; style: Style }> = {
  ready: { words: "✓ ready", style: "green" },
  parked: { words: "! parked", style: "yellow" },
  broken: { words: "✗ not ready", style: "red" },
  absent: { words: "– not installed", style: "dim" },
};

function stateOf(agent: Agent): State {
  const { command, problems, parked } = agent;
  if (problems.length > 0) return command === null && !agent.default ? "absent" : "broken";
  return parked === null ? "ready" : "parked";
}

function styled(agent: Agent, text: string, column: number, paint: Paint): string {
  if (head[column] === "STATE") return paint(states[stateOf(agent)].style, text);
  if (head[column] === "AGENT") return paint("bold", text);
  return text === "no" || text === "never" || text === "–" ? paint("dim", text) : text;
}

function yesNo(can: boolean): string {
  return can ? "yes" : "no";
}

/** What is wrong with it, and what to do. What one that is not installed lacks besides does not matter yet. */
function problemLines(agent: Agent, now: number, paint: Paint): string[] {
  const problems = agent.command === null ? agent.problems.slice(0, 1) : agent.problems;
  const style = stateOf(agent) === "absent" ? "dim" : "red";
  return [
    ...problems.flatMap(({ what, try_this: tryThis }) => [
      `${paint(style, agent.name)}: ${printableLine(what)}`,
      `  try: ${printableLine(tryThis)}`,
    ]),
    ...(agent.parked === null
      ? []
      : [`${paint("yellow", agent.name)}: parked ${parkedWords(agent.parked, now)}`]),
  ];
}

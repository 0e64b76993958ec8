import { dollars } from "../dollars.ts";
import { oneLine } from "../one-line.ts";
import type { Finding } from "../tamper/finding.ts";
import type { Attempt, TaskState } from "../task-state.ts";
import { taskTitle } from "../task-title.ts";
import type { Used } from "../used.ts";
import { hiddenMark } from "./hidden-mark.ts";
import { issueLink, type IssueLink } from "./issue-text.ts";
import { withoutCalls } from "./without-calls.ts";

/** What is told about a change where it is looked at. */
export interface ChangeText {
  title: string;
  /** Markdown, between two marks by which it is found again; see {@link withBlock}. */
  block: string;
}

/** Title and text of a task's pull request: what was asked, what was done, how it went, and the issue that it is for. Not redacted yet. */
export function changeText(state: TaskState, link: IssueLink): ChangeText {
  const { task, attempts, findings, spent } = state;
  const said = attempts.findLast((attempt) => attempt.commit !== null)?.said ?? "";
  const minutes = Math.ceil(spent.agentMs / 60_000);
  const spentText = [
    `${attempts.length} attempt${attempts.length === 1 ? "" : "s"}`,
    `${minutes} agent minute${minutes === 1 ? "" : "s"}`,
  ];
  const cost = costText(spent.usage);
  if (cost !== null) spentText.push(cost);
  const thread = threadOf(state);
  const parts = [
    issueLink(task, link),
    section("Asked", quoted(task.prompt, 4_000)),
    said.trim() === "" ? "" : section("Done", quoted(said, 4_000)),
    section("Attempts", `${attemptTable(attempts)}\n\n${spentText.join(", ")}`),
    findingList(findings),
    thread === null ? "" : `[The agent's conversation](${thread})`,
    `<sub>Task \`${task.id.slice(-6).toLowerCase()}\` of ${cell(task.createdBy)}, by ampx with ${cell(state.agent)}. Text outside of this block is kept.</sub>`,
  ];
  const text = parts.filter((part) => part !== "").join("\n\n");
  return {
    title: oneLine(taskTitle(state), { maxChars: 240 }),
    block: `${begin}\n${text}\n${end}`,
  };
}

/** The text of a pull request with the block put in the place of the one before, else at the end. What a person wrote stays as it is. */
export function withBlock(body: string | null, block: string): string {
  const text = body ?? "";
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  if (from === -1 || to === -1) return text.trim() === "" ? block : `${text.trimEnd()}\n\n${block}`;
  return text.slice(0, from) + block + text.slice(to + end.length);
}

/** Null where nobody has told what was spent. */
function costText({ usd, usdKnown }: Used): string | null {
  if (usdKnown) return dollars(usd);
  return usd === 0 ? null : `at least ${dollars(usd)}`;
}

/** Amp's sessions can be looked at; those of others cannot. */
function threadOf({ session }: TaskState): string | null {
  return session !== null && /^T-[\w-]+$/.test(session)
    ? `https://ampcode.com/threads/${session}`
    : null;
}

const begin = hiddenMark("begin");
const end = hiddenMark("end");

function section(title: string, text: string): string {
  return `### ${title}\n\n${text}`;
}

/** As a quotation, in which nothing ends the block, links to an issue by chance, or calls a person. */
export function quoted(text: string, max: number): string {
  const cut = text.length > max ? `${text.slice(0, max).toWellFormed()}…` : text;
  return harmless(cut.trim())
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\n");
}

function attemptTable(attempts: readonly Attempt[]): string {
  const rows = attempts.map(({ number, commit, outcome, verdict, preflight, gate, failure }) => {
    const came =
      gate.length > 0
        ? `sent back by the gate: ${gate.join(", ")}`
        : verdict === "passed"
          ? "green"
          : (failure ??
            (preflight === "failed" ? "red before the push" : outcome.replace("_", " ")));
    return `| ${number} | ${commit === null ? "no change" : commit.slice(0, 10)} | ${cell(came)} |`;
  });
  return ["| | commit | what came of it |", "| --- | --- | --- |", ...rows].join("\n");
}

function findingList(findings: readonly Finding[]): string {
  const told = findings.filter(({ verdict }) => verdict !== "allow");
  if (told.length === 0) return "";
  const lines = told
    .slice(0, 20)
    .map((one) => `- ${cell(`${one.rule} in ${one.file}: ${one.evidence}`)}`);
  return section("Worth a look", lines.join("\n"));
}

function cell(text: string): string {
  return harmless(oneLine(text, { maxChars: 200 })).replaceAll("|", "\\|");
}

/** Agents and logs say whatever they like: no HTML, no mention, no reference that closes something. */
function harmless(text: string): string {
  return withoutCalls(text.replaceAll("<", "&lt;"));
}

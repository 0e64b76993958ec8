import {
  convertWorkflowTemplate,
  NoOperationTraceWriter,
  parseWorkflow,
} from "./official-parser.ts";

/** A workflow file as GitHub reads it. */
export interface WorkflowFile {
  readonly path: string;
  readonly name: string;
  readonly on: Readonly<Record<string, EventFilter>>;
  readonly concurrency: Concurrency | undefined;
  readonly jobs: readonly WorkflowJob[];
  /** Where there are any, a run fails at its start. */
  readonly errors: readonly string[];
}

export type EventFilter = Readonly<Record<string, unknown>>;

/** A text, or an expression whose value it is. */
export type Value = string | number | boolean | { readonly expr: string };

export interface Concurrency {
  readonly group: Value;
  readonly cancelInProgress: Value;
}

export interface WorkflowJob {
  readonly key: string;
  readonly name: Value;
  readonly needs: readonly string[];
  readonly if: string;
  /** Of the matrix; empty where there is none, or where it is an expression. */
  readonly matrix: Readonly<Record<string, unknown>>;
  readonly failFast: boolean;
  readonly labels: readonly string[];
  readonly env: Readonly<Record<string, Value>>;
  readonly steps: readonly WorkflowStep[];
}

export interface WorkflowStep {
  readonly name: Value;
  readonly if: string;
  readonly run: Value | undefined;
  readonly uses: string | undefined;
  readonly env: Readonly<Record<string, Value>>;
  readonly continueOnError: boolean;
}

/** Reads it by GitHub's own parser. Never throws: a file that is no workflow has `errors`. */
export async function readWorkflowFile(path: string, content: string): Promise<WorkflowFile> {
  const { context, value } = parseWorkflow({ name: path, content }, new NoOperationTraceWriter());
  const template =
    value === undefined ? {} : record(plain(await convertWorkflowTemplate(context, value)));
  return {
    path,
    name: nameIn(value) ?? path,
    on: record(template["events"]) as WorkflowFile["on"],
    concurrency: concurrency(template["concurrency"]),
    jobs: list(template["jobs"]).map(job),
    errors: context.errors.getErrors().map(({ message }) => message),
  };
}

function nameIn(root: unknown): string | undefined {
  const name = record(plain(root))["name"];
  return typeof name === "string" ? name : undefined;
}

function concurrency(given: unknown): Concurrency | undefined {
  if (given === undefined) return undefined;
  if (isValue(given)) return { group: given, cancelInProgress: false };
  const { group, "cancel-in-progress": cancel = false } = record(given);
  return isValue(group) && isValue(cancel) ? { group, cancelInProgress: cancel } : undefined;
}

function job(given: unknown): WorkflowJob {
  const { id, name, needs, if: condition, strategy, steps, env, ...rest } = record(given);
  const { matrix, "fail-fast": failFast } = record(strategy);
  const runsOn = rest["runs-on"];
  return {
    key: String(id),
    name: isValue(name) ? name : String(id),
    needs: list(needs).map(String),
    if: expressionOf(condition) ?? "success()",
    matrix: expressionOf(matrix) === undefined ? record(matrix) : {},
    failFast: failFast !== false,
    labels: (Array.isArray(runsOn) ? runsOn : [runsOn ?? "ubuntu-latest"]).map(String),
    env: record(env) as Record<string, Value>,
    steps: list(steps).map(step),
  };
}

function step(given: unknown): WorkflowStep {
  const { name, if: condition, run, uses, env, ...rest } = record(given);
  const fallback = isValue(run) ? `Run ${firstLine(run)}` : `Run ${String(uses)}`;
  return {
    name: isValue(name) ? name : fallback,
    if: expressionOf(condition) ?? "success()",
    run: isValue(run) ? run : undefined,
    uses: typeof uses === "string" ? uses : undefined,
    env: record(env) as Record<string, Value>,
    continueOnError: rest["continue-on-error"] === true,
  };
}

function firstLine(value: Value): string {
  const text = typeof value === "object" ? value.expr : String(value);
  return text.trim().split("\n")[0] ?? "";
}

/** The parser's tokens, written as JSON, are texts, or objects that say by number what they are. */
function plain(tokens: unknown): unknown {
  return tokens === undefined ? undefined : unwrap(JSON.parse(JSON.stringify(tokens)) as unknown);
}

function unwrap(token: unknown): unknown {
  if (Array.isArray(token)) return token.map(unwrap);
  if (typeof token !== "object" || token === null) return token;
  const { type, seq, map, expr } = token as Record<string, unknown>;
  if (type === sequence) return list(seq).map(unwrap);
  if (type === mapping)
    return Object.fromEntries(
      list(map).map((pair) => [String(record(pair)["Key"]), unwrap(record(pair)["Value"])]),
    );
  if (type === expression) return { expr };
  return Object.fromEntries(Object.entries(token).map(([key, value]) => [key, unwrap(value)]));
}

const sequence = 1;
const mapping = 2;
const expression = 3;

function isValue(given: unknown): given is Value {
  return (
    ["string", "number", "boolean"].includes(typeof given) || expressionOf(given) !== undefined
  );
}

function expressionOf(given: unknown): string | undefined {
  const { expr } = record(given);
  return typeof expr === "string" ? expr : undefined;
}

function record(given: unknown): Record<string, unknown> {
  return typeof given === "object" && given !== null ? (given as Record<string, unknown>) : {};
}

function list(given: unknown): unknown[] {
  return Array.isArray(given) ? given : [];
}

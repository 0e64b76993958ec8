import type { Repository } from "../repository.ts";
import type { World } from "../world.ts";
import type { Context } from "./expression.ts";
import { evaluate, isTruthy } from "./expression.ts";
import { githubContext } from "./github-context.ts";
import type { Attempt, Job, Run } from "./run.ts";
import type { Value, WorkflowJob } from "./workflow-file.ts";

/** Whether its `if` lets it run, its needs being over. */
export function conditionHolds(
  repository: Repository,
  run: Run,
  attempt: Attempt,
  planned: WorkflowJob,
): boolean {
  return isTruthy(evaluate(planned.if, contextOf(repository, run, attempt, planned)));
}

/** One job, or one per combination of its matrix. A skipped one is not multiplied. */
export function jobsOf(
  world: World,
  repository: Repository,
  run: Run,
  attempt: Attempt,
  planned: WorkflowJob,
  runs: boolean,
  at: number,
): Job[] {
  const combinations = runs ? combine(planned.matrix) : [{}];
  return combinations.map((matrix) => ({
    id: world.nextId(),
    key: planned.key,
    name: runs ? nameOf(repository, run, attempt, planned, matrix) : plainName(planned),
    attempt: attempt.number,
    matrix,
    createdAt: at,
    status: "queued",
    conclusion: undefined,
    startedAt: undefined,
    completedAt: undefined,
    steps: [],
    annotations: [],
    stop: undefined,
  }));
}

/** What the expressions of a job read. */
export function contextOf(
  repository: Repository,
  run: Run,
  attempt: Attempt,
  { needs }: WorkflowJob,
  matrix: Readonly<Record<string, unknown>> = {},
): Context {
  const results = needs.map((need) => [need, resultOf(attempt, need)] as const);
  const worst = ["failure", "cancelled", "skipped"] as const;
  const outcome = worst.find((bad) => results.some(([, result]) => result === bad)) ?? "success";
  const needed = Object.fromEntries(
    results.map(([need, result]) => [need, { result, outputs: {} }]),
  );
  return { values: { ...githubContext(repository, run), needs: needed, matrix }, outcome };
}

function resultOf({ jobs }: Attempt, need: string): string {
  const conclusions = jobs.filter(({ key }) => key === need).map(({ conclusion }) => conclusion);
  if (conclusions.some((one) => one === "failure" || one === "timed_out")) return "failure";
  if (conclusions.includes("cancelled")) return "cancelled";
  return conclusions.every((one) => one === "skipped") ? "skipped" : "success";
}

/** All combinations, without those excluded, and what is included added. */
function combine(matrix: Readonly<Record<string, unknown>>): Record<string, unknown>[] {
  const { include = [], exclude = [], ...axes } = matrix;
  let all: Record<string, unknown>[] = [{}];
  for (const [axis, values] of Object.entries(axes))
    if (Array.isArray(values))
      all = all.flatMap((one) => values.map((value: unknown) => ({ ...one, [axis]: value })));
  const agrees = (one: Record<string, unknown>, other: Record<string, unknown>) =>
    Object.entries(other).every(([axis, value]) => one[axis] === value);
  all = all.filter((one) => !records(exclude).some((without) => agrees(one, without)));
  if (Object.keys(axes).length === 0) all = [];
  const original = all.map((one) => ({ ...one }));
  for (const extra of records(include)) {
    const common = Object.fromEntries(Object.entries(extra).filter(([axis]) => axis in axes));
    const into = all.filter(
      (_, index) => original[index] !== undefined && agrees(original[index], common),
    );
    if (into.length === 0) all.push(extra);
    for (const one of into) Object.assign(one, extra);
  }
  return all.length === 0 ? [{}] : all;
}

function nameOf(
  repository: Repository,
  run: Run,
  attempt: Attempt,
  planned: WorkflowJob,
  matrix: Record<string, unknown>,
): string {
  const { name } = planned;
  if (typeof name === "object")
    return String(evaluate(name.expr, contextOf(repository, run, attempt, planned, matrix)));
  const values = Object.values(matrix).map(String);
  return values.length === 0 ? String(name) : `${String(name)} (${values.join(", ")})`;
}

function plainName({ name, key }: { name: Value; key: string }): string {
  return typeof name === "object" ? key : String(name);
}

function records(given: unknown): Record<string, unknown>[] {
  return Array.isArray(given) ? (given as Record<string, unknown>[]) : [];
}

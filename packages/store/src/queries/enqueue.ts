import {
  evolve,
  shortId,
  type Task,
  TaskEvent,
  ticketCircles,
  type TaskState,
  type TicketTerms,
} from "@ampx/core";
import { sql } from "kysely";
import type { CreatedByTicket, EnqueueOptions, EnqueueResult } from "../scheduling.ts";
import { insertEvent } from "../stored-event.ts";
import { columnsOf, stateOf, taskColumnsOf, unreadable } from "../stored-state.ts";
import type { Db, StoredTask } from "../tables.ts";
import { insertTask } from "./create-task.ts";

type Problem = Extract<EnqueueResult, { is: "refused" }>["problems"][number];
type Refused = Omit<Problem, "index" | "waits">;
type Enqueued = Extract<EnqueueResult, { is: "enqueued" }>["tickets"][number];

export async function enqueue(
  db: Db,
  events: CreatedByTicket[],
  options: EnqueueOptions,
): Promise<EnqueueResult> {
  const created = events.map(ticketEvent);
  try {
    return await db.transaction().execute(async (trx) => {
      const problems: Problem[] = [];
      const tickets: Enqueued[] = [];
      for (const [index, event] of created.entries()) {
        const result = await enqueueOne(trx, event, options);
        if ("reason" in result) problems.push({ index, waits: false, ...result });
        else tickets.push(result);
      }
      problems.push(...(await dependencyProblems(trx, created)));
      if (problems.length > 0) throw new Undone({ is: "refused", problems });
      return { is: "enqueued", tickets };
    });
  } catch (error) {
    // What was written so far is rolled back with it.
    if (error instanceof Undone) return error.result;
    throw error;
  }
}

/** Rolls the transaction back, with what is to be told. */
class Undone extends Error {
  readonly result: EnqueueResult;

  constructor(result: EnqueueResult) {
    super("nothing is enqueued");
    this.result = result;
  }
}

interface TicketEvent {
  event: CreatedByTicket;
  terms: TicketTerms;
}

function ticketEvent(given: CreatedByTicket): TicketEvent {
  const event = TaskEvent.parse(given);
  if (event.type !== "task_created" || event.task.ticket === undefined)
    throw new Error("only tickets are enqueued");
  return { event, terms: event.task.ticket };
}

async function enqueueOne(
  trx: Db,
  { event, terms }: TicketEvent,
  options: EnqueueOptions,
): Promise<Enqueued | Refused> {
  const row = await trx
    .selectFrom("tasks")
    .selectAll()
    .where("repo", "=", event.task.repo)
    .where("ticket_id", "=", terms.id)
    .executeTakeFirst();
  if (row === undefined) return insert(trx, event);
  const state = await stateOf(trx, row);
  const { id } = row;
  if (state === undefined)
    return { id, reason: `its task ${row.short_id}: ${unreadable}`, tryThis: null };
  const { phase } = state;
  const hasEnded = phase.name === "aborted" || phase.name === "error";
  const isSame = state.task.ticket?.digest === terms.digest;
  if (isSame && !(options.update && hasEnded)) return enqueued("unchanged", state.task);
  const task = `task ${shortId(id)}`;
  if (!options.update)
    return {
      id,
      reason: `${terms.id} is there already, with other content (${task}, ${row.status})`,
      tryThis: "--update to change it, or another id",
    };
  if (hasEnded) {
    await trx.updateTable("tasks").set({ ticket_id: null }).where("id", "=", id).execute();
    return insert(trx, await withFreeBranch(trx, event));
  }
  if (phase.name !== "queued" || row.lease_worker !== null)
    return {
      id,
      reason: `${terms.id} has begun, so its ticket cannot be changed (${task}, ${row.status})`,
      tryThis: `ampx continue ${shortId(id)} -m "…" to tell the agent, or ampx abort ${shortId(id)} and --update`,
    };
  return enqueued("changed", await change(trx, row, state, event, options));
}

function enqueued(is: Enqueued["is"], { id, branch, title }: Task): Enqueued {
  return { is, id, branch, title };
}

/** The task before may have the same branch, which stays its own: the next name is `<branch>-2`. */
async function withFreeBranch(trx: Db, event: CreatedByTicket): Promise<CreatedByTicket> {
  const { task } = event;
  const rows = await trx
    .selectFrom("tasks")
    .select("branch")
    .where("repo", "=", task.repo)
    .where("branch", "like", `${task.branch.replaceAll(/[\\%_]/g, "\\$&")}%`)
    .execute();
  const taken = new Set(rows.map(({ branch }) => branch));
  let branch = task.branch;
  for (let number = 2; taken.has(branch); number++) branch = `${task.branch}-${number}`;
  return { ...event, task: { ...task, branch } };
}

async function insert(trx: Db, event: CreatedByTicket): Promise<Enqueued | Refused> {
  const result = await insertTask(trx, event);
  switch (result.is) {
    case "created":
      return enqueued("created", event.task);
    case "id_taken":
      throw new Undone({ is: "id_taken" });
    case "branch_taken":
      return {
        id: result.by,
        reason: `task ${shortId(result.by)} works on branch ${event.task.branch} of this repository`,
        tryThis: "another id for the ticket",
      };
  }
}

async function change(
  trx: Db,
  row: StoredTask,
  state: TaskState,
  { task, budget }: CreatedByTicket,
  { by, now }: EnqueueOptions,
): Promise<Task> {
  const { title, prompt, agent, base, priority, ticket } = task;
  const event = {
    type: "ticket_changed" as const,
    at: now,
    by,
    budget,
    task: { title, prompt, agent, base, priority, ticket },
  };
  const next = evolve(state, event);
  await trx
    .updateTable("tasks")
    .set({ ...taskColumnsOf(next.task), ...columnsOf(next), seq: row.seq + 1, updated_at: now })
    .where("id", "=", row.id)
    .execute();
  await insertEvent(trx, row.id, row.seq + 1, event);
  return next.task;
}

/** Between the tickets as they are now: what is not there, and what goes in a circle. */
async function dependencyProblems(trx: Db, created: TicketEvent[]): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const repo of new Set(created.map(({ event }) => event.task.repo))) {
    const rows = await trx
      .selectFrom("tasks")
      .select("ticket_id")
      // What has ended waits for nothing.
      .select(
        sql<string | null>`case when phase in ('merged', 'aborted') then null else ticket end`.as(
          "ticket",
        ),
      )
      .where("repo", "=", repo)
      .where("ticket_id", "is not", null)
      .execute();
    const graph = new Map<string, readonly string[]>();
    for (const { ticket_id, ticket } of rows) {
      const { dependencies } = ticket === null ? nothing : JSON.parse(ticket);
      if (ticket_id !== null) graph.set(ticket_id, dependencies);
    }
    const indexOf = new Map<string, number>();
    for (const [index, { event, terms }] of created.entries())
      if (event.task.repo === repo) indexOf.set(terms.id, index);
    for (const [index, { event, terms }] of created.entries()) {
      if (event.task.repo !== repo) continue;
      for (const dependency of terms.dependencies)
        if (!graph.has(dependency))
          problems.push({
            index,
            id: null,
            reason: `${terms.id} depends on ${dependency}, and there is no such ticket`,
            tryThis: "to enqueue both together, or that one first",
            waits: true,
          });
    }
    for (const circle of ticketCircles(graph)) {
      const index = circle.map((id) => indexOf.get(id)).find((found) => found !== undefined);
      if (index === undefined) continue;
      const way = [...circle, circle[0]].join(" → ");
      problems.push({
        index,
        id: null,
        reason: `dependencies in a circle: ${way}`,
        tryThis: null,
        waits: false,
      });
    }
  }
  return problems;
}

const nothing: { dependencies: string[] } = { dependencies: [] };

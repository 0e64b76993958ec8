import { createHash } from "node:crypto";
import {
  type EnqueuedTickets,
  type EnqueueTickets,
  type Instant,
  newTask,
  shortId,
  type TaskDefaults,
  type TaskId,
  termsOf,
  UserError,
  usualPriority,
} from "@ampx/core";
import { type Ticket, ticketWish } from "@ampx/core/ticket/index";
import type { CreatedByTicket, EnqueueResult } from "@ampx/store";
import type { ApiDeps } from "./api-deps.ts";
import { checkAgent } from "./check-agent.ts";
import { ProblemError } from "./problem.ts";

type Enqueuing = Pick<
  ApiDeps,
  | "store"
  | "repositories"
  | "defaults"
  | "newId"
  | "now"
  | "schedule"
  | "user"
  | "leakedSecret"
  | "workerPatienceMs"
>;

/** What is wrong with a ticket of a request, by its index. `waits`: it is not the ticket's own fault, such as one that it depends on and that is not there yet. */
export interface TicketRefusal {
  index: number;
  reason: string;
  tryThis: string | null;
  waits: boolean;
}

export type Enqueued =
  | { is: "enqueued"; answer: EnqueuedTickets }
  | { is: "refused"; problems: TicketRefusal[] };

/**
 * Enqueues all tickets of a request, or none. The same ticket again changes nothing, so a request may be repeated. Throws a `ProblemError` when a ticket
 * holds a known secret, and the signal's reason when it aborts.
 */
export async function enqueueTickets(
  asked: EnqueueTickets,
  deps: Enqueuing,
  signal: AbortSignal,
): Promise<Enqueued> {
  const at = deps.now();
  refuseLeaks(asked.tickets, deps);
  const twice = givenTwice(asked);
  if (twice.length > 0) return { is: "refused", problems: twice };
  const { settled, problems } = await settleAll(asked, deps, signal);
  if (problems.length > 0) return { is: "refused", problems };
  // Ids whose short form is taken are made anew.
  for (let tries = 0; tries < 20; tries++) {
    // Those of one moment are in order by their ids.
    const ids = settled.map(() => deps.newId(at)).toSorted();
    const events = settled.map((make, index) => make(ids[index] ?? deps.newId(at), at));
    const by = asked.created_by ?? deps.user;
    const result = await deps.store.enqueue(events, {
      update: asked.update === true,
      by,
      now: at,
    });
    if (result.is === "refused") return result;
    if (result.is === "enqueued") return { is: "enqueued", answer: answer(asked, result.tickets) };
  }
  throw new Error("no free short ids in 20 tries: is the source of ids random?");
}

/** How the task of a ticket begins under an id. */
type Settled = (id: TaskId, at: Instant) => CreatedByTicket;

/** What each ticket shall be. Many tickets of one repository ask for it once. */
async function settleAll(
  asked: EnqueueTickets,
  deps: Enqueuing,
  signal: AbortSignal,
): Promise<{ settled: Settled[]; problems: TicketRefusal[] }> {
  const repositories = new Map<string, ReturnType<typeof found>>();
  const agents = new Map<string, Promise<void>>();
  const settled: Settled[] = [];
  const problems: TicketRefusal[] = [];
  for (const [index, ticket] of asked.tickets.entries()) {
    try {
      const key = JSON.stringify([ticket.repo ?? asked.repo, ticket.base]);
      const finding = repositories.get(key) ?? found(ticket, asked, deps);
      repositories.set(key, finding);
      const { repo, base, defaults } = await finding;
      const wish = ticketWish(ticket, {
        repo,
        base,
        createdBy: asked.created_by ?? deps.user,
        digest: digestOf(ticket),
      });
      const { agent, maxUsd, maxTokens } = termsOf(wish, defaults);
      const needs = { usd: maxUsd !== undefined, tokens: maxTokens !== undefined };
      const agentKey = JSON.stringify([agent, needs]);
      const checking =
        agents.get(agentKey) ?? checkAgent(agent, { field: "agent", needs }, deps, signal);
      agents.set(agentKey, checking);
      await checking;
      const branch = branchOf(ticket, defaults, deps.schedule.slots);
      settled.push((id, at) => newTask({ ...wish, branch }, defaults, id, at));
    } catch (error) {
      signal.throwIfAborted();
      problems.push({ index, ...wordsOf(error), waits: !isItsOwn(ticket) });
    }
  }
  return { settled, problems };
}

/** What cannot be done may be what the ticket asks for; else the project is not ready for it, or the server. */
function isItsOwn({ repo, base, agent, budget }: Ticket): boolean {
  return [repo, base, agent, budget].some((asked) => asked !== undefined);
}

async function found(
  { repo, base }: Ticket,
  asked: EnqueueTickets,
  deps: Enqueuing,
): Promise<{ repo: string; base: string; defaults: TaskDefaults }> {
  const named = repo ?? asked.repo;
  if (named === undefined)
    throw new ProblemError("invalid", "no repository is named", {
      tryThis: "repo: in the ticket, or --repo",
    });
  const { defaults, ...where } = await deps.repositories.resolve(named, base, undefined);
  return { ...where, defaults: { ...deps.defaults, ...defaults } };
}

/** Slots are alike, so the number only spreads the tickets over them, by their ids. */
function branchOf(
  { id }: Ticket,
  { ticketBranches }: TaskDefaults,
  slots: number,
): string | undefined {
  if (ticketBranches !== "agent-slot") return undefined;
  const slot = createHash("sha256").update(id).digest().readUInt32BE() % slots;
  return `agent-${slot + 1}/${id}`;
}

/** Of what the ticket says; the order of its keys does not matter. */
function digestOf(ticket: Ticket): string {
  const entries = Object.entries(ticket).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(entries)).digest("hex");
}

function refuseLeaks(tickets: readonly Ticket[], { leakedSecret }: Enqueuing): void {
  const errors = tickets.flatMap((ticket, index) => {
    const leak = leakedSecret(Object.values(ticket).flat().map(textOf).join("\n"));
    return leak === null
      ? []
      : [{ field: fieldOf(index), message: `${ticket.id} holds a secret (${leak.kind})` }];
  });
  if (errors.length === 0) return;
  throw new ProblemError("secret", errors.map(({ message }) => message).join("; "), {
    errors,
    tryThis: "say where the secret is kept, not what it is",
  });
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function givenTwice({ tickets, repo }: EnqueueTickets): TicketRefusal[] {
  const seen = new Set<string>();
  const problems: TicketRefusal[] = [];
  for (const [index, ticket] of tickets.entries()) {
    const key = JSON.stringify([ticket.repo ?? repo, ticket.id]);
    if (seen.has(key))
      problems.push({
        index,
        reason: `the id ${ticket.id} is in it twice`,
        tryThis: "another id for one of them",
        waits: false,
      });
    seen.add(key);
  }
  return problems;
}

/** One problem for all tickets; what is said of many of them alike is said once. */
export function refusalOf(problems: readonly TicketRefusal[]): ProblemError {
  const words = [...new Set(problems.map(({ reason }) => reason))];
  const shown = words.slice(0, 20);
  const more = words.length - shown.length;
  const hint = problems.find(({ tryThis }) => tryThis !== null)?.tryThis ?? null;
  return new ProblemError(
    "conflict",
    [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("\n"),
    {
      ...(hint !== null && { tryThis: hint }),
      errors: problems
        .slice(0, 1_000)
        .map(({ index, reason }) => ({ field: fieldOf(index), message: reason })),
    },
  );
}

function fieldOf(index: number): string {
  return `tickets[${index}]`;
}

/** What a person can mend is told of the ticket; all else is thrown on. */
function wordsOf(error: unknown): { reason: string; tryThis: string | null } {
  if (error instanceof ProblemError)
    return { reason: error.message, tryThis: error.problem.try_this ?? null };
  if (error instanceof UserError) return { reason: error.message, tryThis: error.tryThis ?? null };
  throw error;
}

function answer(
  { tickets }: EnqueueTickets,
  results: Extract<EnqueueResult, { is: "enqueued" }>["tickets"],
): EnqueuedTickets {
  return {
    tickets: results.map(({ id, ...result }, index) => {
      const { id: ticket = "", priority = usualPriority } = tickets[index] ?? {};
      return { ...result, ticket, priority, id, short_id: shortId(id) };
    }),
  };
}

import { UserError } from "@ampx/core";
import { readTickets, type TicketProblem } from "@ampx/core/ticket/index";
import type { ApiDeps } from "../api-deps.ts";
import { enqueueTickets, type TicketRefusal } from "../enqueue-tickets.ts";
import { ProblemError } from "../problem.ts";
import type { Take } from "./take.ts";

/** Enqueues the tickets of a file for its project. What is wrong is told by its place in the file. */
export function takeTickets(deps: ApiDeps, signal: AbortSignal): Take {
  return async (project, file, bytes) => {
    const { tickets: placed, problems } = readTickets(file, bytes);
    if (problems.length > 0) return { is: "rejected", problems: problems.map(lineOf).join("\n") };
    const tickets = placed.map(({ ticket }) => ticket);
    const result = await enqueueTickets({ tickets, repo: project }, deps, signal).catch(forPerson);
    if (result.is === "enqueued") return { is: "taken" };
    const lines = result.problems.map(({ index, reason, tryThis }) => {
      const { line = 1, column = 1 } = placed[index] ?? {};
      return lineOf({ file, line, column, message: withHint(reason, tryThis) });
    });
    const text = [...new Set(lines)].join("\n");
    // The one that it depends on may be in another file, which comes later.
    return result.problems.every(({ waits }) => waits)
      ? { is: "waiting", reason: text }
      : { is: "rejected", problems: text };
  };
}

/** What the API answers to a client is told in the file beside the ticket. */
function forPerson(error: unknown): never {
  if (error instanceof ProblemError) throw new UserError(error.message, { cause: error });
  throw error;
}

function lineOf({ file, line, column, message }: TicketProblem): string {
  return `${file}:${line}:${column}: ${message}`;
}

function withHint(reason: string, tryThis: TicketRefusal["tryThis"]): string {
  return tryThis === null ? reason : `${reason} (try: ${tryThis})`;
}

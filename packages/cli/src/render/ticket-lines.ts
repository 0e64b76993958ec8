import type { EnqueuedTickets } from "@ampx/core";
import type { Ticket, TicketProblem } from "@ampx/core/ticket/index";
import type { Paint } from "./paint.ts";
import { printableLine } from "./printable.ts";

/** A ticket that is as it should be: `✅ AUTH-12  Reject expired sessions  priority 2  locks: user-auth`. */
export function ticketLine({ id, title, priority, locks }: Ticket, paint: Paint): string {
  const parts = [`✅ ${paint("bold", id)}`, printableLine(title), `priority ${priority}`];
  if (locks.length > 0) parts.push(`locks: ${locks.join(", ")}`);
  return parts.join("  ");
}

/** What is wrong with one, by its place as compilers tell it. */
export function ticketProblemLine(
  { file, line, column, message }: TicketProblem,
  paint: Paint,
): string {
  return `${paint("red", "✗")} ${printableLine(file)}:${line}:${column}: ${printableLine(message)}`;
}

/** The last line: `3 tickets, 1 problem`. */
export function ticketSummary(tickets: number, problems: number, paint: Paint): string {
  const found = `${tickets} ${tickets === 1 ? "ticket" : "tickets"}`;
  if (problems === 0) return `${found}, no problem`;
  return `${found}, ${paint("red", `${problems} ${problems === 1 ? "problem" : "problems"}`)}`;
}

/** What became of a ticket: `✅ AUTH-12  created  1a2b3c  amp/auth-12-reject-1a2b3c`. */
export function enqueuedLine(
  { ticket, is, short_id, branch }: EnqueuedTickets["tickets"][number],
  paint: Paint,
): string {
  const what = is === "unchanged" ? paint("dim", "is there already") : is;
  return `✅ ${paint("bold", ticket)}  ${what}  ${short_id}  ${printableLine(branch)}`;
}

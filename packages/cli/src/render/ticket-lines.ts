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

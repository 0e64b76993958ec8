import type { Wish } from "../new-task.ts";
import type { Ticket } from "./ticket.ts";

/** What a ticket asks of a task, for a repository and a base that were found. `digest`: of the whole ticket. */
export function ticketWish(
  ticket: Ticket,
  found: { repo: string; base: string; createdBy: string; digest: string },
): Wish {
  const { digest, ...where } = found;
  const { budget = {} } = ticket;
  return {
    ...where,
    prompt: ticketPrompt(ticket),
    title: ticket.title,
    agent: ticket.agent,
    maxAttempts: ticket.max_attempts,
    maxUsd: budget.usd,
    maxTokens: budget.tokens,
    maxMinutes: budget.minutes,
    priority: ticket.priority,
    ticket: {
      id: ticket.id,
      digest,
      locks: ticket.locks,
      dependencies: ticket.dependencies,
      tags: ticket.tags,
      ...(ticket.estimate_min !== undefined && { estimateMinutes: ticket.estimate_min }),
      protectedPaths: ticket.protected_paths,
    },
  };
}

/** What the agent is told: the description, what must be true in the end, and what it must leave alone. */
export function ticketPrompt({
  title,
  description,
  acceptance,
  protected_paths,
}: Pick<Ticket, "title" | "description" | "acceptance" | "protected_paths">): string {
  const parts = [description === undefined ? title : `${title}\n\n${description}`];
  if (acceptance.length > 0) parts.push(`It is done when:\n${list(acceptance)}`);
  if (protected_paths.length > 0)
    parts.push(`Do not change files that match one of these patterns:\n${list(protected_paths)}`);
  return parts.join("\n\n");
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line.replaceAll("\n", "\n  ")}`).join("\n");
}

import { LineCounter, parseAllDocuments } from "yaml";
import type { Place, PlacedTicket, TicketProblem } from "./placed-ticket.ts";
import { readTicket } from "./read-ticket.ts";
import { muchEnough, tooMuchAt } from "./too-much.ts";

/** What is larger is no ticket. */
export const maxTicketBytes = 1024 * 1024;

/** Who has so many does not want to read more of them. */
const maxProblems = 100;

/** Reads the tickets of one file: several YAML documents, a ticket each. A document with a problem gives no ticket. */
export function readTickets(
  file: string,
  bytes: Uint8Array,
): { tickets: PlacedTicket[]; problems: TicketProblem[] } {
  const decoded = decode(file, bytes);
  if ("problem" in decoded) return { tickets: [], problems: [decoded.problem] };
  const excess = tooMuchAt(decoded.text);
  if (excess !== undefined) {
    const lines = decoded.text.slice(0, excess).split("\n");
    const message = `from here on it is too much: ${muchEnough}`;
    return {
      tickets: [],
      problems: [{ file, line: lines.length, column: (lines.at(-1) ?? "").length + 1, message }],
    };
  }
  const counter = new LineCounter();
  const place = (node: unknown): Place => {
    const { line, col } = counter.linePos(offsetOf(node));
    return { file, line, column: col };
  };
  const tickets: PlacedTicket[] = [];
  const problems: TicketProblem[] = [];
  const parsed = parseAllDocuments(decoded.text, {
    lineCounter: counter,
    prettyErrors: false,
    logLevel: "error",
  });
  // Nothing but comments is a stream without documents.
  for (const document of "empty" in parsed ? [] : parsed) {
    const found = readTicket(document, place);
    if ("ticket" in found) tickets.push(found);
    else problems.push(...found.problems);
    if (problems.length >= maxProblems) {
      const at = place(document.contents);
      problems.splice(maxProblems, Infinity, {
        ...at,
        message: "here it is given up: mend what is above first",
      });
      break;
    }
  }
  if (tickets.length === 0 && problems.length === 0)
    problems.push({ file, line: 1, column: 1, message: "holds no ticket" });
  return { tickets, problems };
}

function decode(file: string, bytes: Uint8Array): { text: string } | { problem: TicketProblem } {
  const at = { file, line: 1, column: 1 };
  if (bytes.length > maxTicketBytes)
    return {
      problem: {
        ...at,
        message: `has more than ${maxTicketBytes} bytes; a file of tickets may not`,
      },
    };
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    // The lines before are whole, so the first one that is not is where it is wrong.
    const good = new TextDecoder().decode(bytes).split("�", 1)[0] ?? "";
    const lines = good.split("\n");
    const column = (lines.at(-1) ?? "").length + 1;
    return { problem: { file, line: lines.length, column, message: "is not UTF-8 text" } };
  }
}

function offsetOf(node: unknown): number {
  if (typeof node !== "object" || node === null) return 0;
  if ("pos" in node && Array.isArray(node.pos)) return Number(node.pos[0]);
  return "range" in node && Array.isArray(node.range) ? Number(node.range[0]) : 0;
}

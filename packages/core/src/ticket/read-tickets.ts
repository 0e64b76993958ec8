import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  visit,
  type Document,
  type YAMLMap,
} from "yaml";
import { closestTo } from "../config/closest-to.ts";
import { Ticket } from "./ticket.ts";

/** Where something stands in a file; line and column from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

export interface TicketProblem extends Place {
  /** What is wrong, and what was expected. */
  message: string;
}

/** A ticket, and where it was written. */
export interface PlacedTicket extends Place {
  ticket: Ticket;
  /** Of one of its dependencies, by its position in the list. */
  placeOfDependency(index: number): Place;
}

/** What is larger is no ticket. */
export const maxTicketBytes = 1024 * 1024;

/** Reads the tickets of one file: several YAML documents, a ticket each. A document with a problem gives no ticket. */
export function readTickets(
  file: string,
  bytes: Uint8Array,
): { tickets: PlacedTicket[]; problems: TicketProblem[] } {
  const decoded = decode(file, bytes);
  if ("problem" in decoded) return { tickets: [], problems: [decoded.problem] };
  const counter = new LineCounter();
  const place = (node: unknown): Place => {
    const { line, col } = counter.linePos(offsetOf(node));
    return { file, line, column: col };
  };
  const tickets: PlacedTicket[] = [];
  const problems: TicketProblem[] = [];
  const parsed = parseAllDocuments(decoded.text, { lineCounter: counter, prettyErrors: false });
  // Nothing but comments is a stream without documents.
  for (const document of "empty" in parsed ? [] : parsed) {
    const found = readDocument(document, place);
    if ("ticket" in found) tickets.push(found);
    else problems.push(...found.problems);
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
        message: `has ${bytes.length} bytes; a file of tickets may have ${maxTicketBytes}`,
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

function readDocument(
  document: Document.Parsed,
  place: (node: unknown) => Place,
): PlacedTicket | { problems: TicketProblem[] } {
  const problems: TicketProblem[] = document.errors.map((error) => ({
    ...place(error),
    message: error.message,
  }));
  // An alias could make a small file huge, and no ticket needs one.
  visit(document, {
    Alias: (_, alias) =>
      void problems.push({
        ...place(alias),
        message: `an alias (*${alias.source}) is not supported here`,
      }),
  });
  const { contents } = document;
  if (problems.length > 0) return { problems };
  if (contents === null || (isScalar(contents) && contents.value === null)) return { problems };
  if (!isMap(contents))
    return {
      problems: [{ ...place(contents), message: 'expected lines of the form "key: value"' }],
    };

  const result = Ticket.safeParse(contents.toJS(document));
  if (result.success)
    return {
      ...place(contents),
      ticket: result.data,
      placeOfDependency: (index) => place(nodeAt(contents, ["dependencies", index])),
    };
  for (const issue of result.error.issues) {
    if (issue.code === "unrecognized_keys") {
      for (const key of issue.keys)
        problems.push({
          ...place(keyAt(contents, issue.path, key)),
          message: `unknown key ${dotted([...issue.path, key])}${didYouMean(key, issue.path)}`,
        });
      continue;
    }
    const node = nodeAt(contents, issue.path);
    const subject = dotted(issue.path);
    problems.push(
      node === undefined
        ? { ...place(contents), message: `${subject} is missing` }
        : { ...place(node), message: `${subject} ${issue.message}` },
    );
  }
  return { problems: problems.toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

type Path = readonly PropertyKey[];

/** The node that a path leads to; undefined when there is none. */
function nodeAt(map: YAMLMap, path: Path): unknown {
  let node: unknown = map;
  for (const step of path) {
    if (isMap(node)) node = node.items.find(({ key }) => nameOf(key) === step)?.value ?? undefined;
    else if (isSeq(node)) node = node.items[Number(step)];
    else return undefined;
  }
  return node;
}

function keyAt(map: YAMLMap, path: Path, name: string): unknown {
  const node = nodeAt(map, path);
  return isMap(node) ? node.items.find(({ key }) => nameOf(key) === name)?.key : node;
}

function nameOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : String(key);
}

function dotted(path: Path): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === "number"
        ? `${text}[${step}]`
        : text === ""
          ? String(step)
          : `${text}.${String(step)}`,
    "",
  );
}

function didYouMean(key: string, path: Path): string {
  const known = path.length === 0 ? Object.keys(Ticket.shape) : ["usd", "tokens", "minutes"];
  const meant = closestTo(key, known);
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}

function offsetOf(node: unknown): number {
  if (typeof node !== "object" || node === null) return 0;
  if ("pos" in node && Array.isArray(node.pos)) return Number(node.pos[0]);
  return "range" in node && Array.isArray(node.range) ? Number(node.range[0]) : 0;
}

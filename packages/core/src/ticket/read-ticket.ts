import { isAlias, isMap, isScalar, isSeq, type Document, type YAMLMap } from "yaml";
import { closestTo } from "../config/closest-to.ts";
import type { Place, PlacedTicket, TicketProblem } from "./placed-ticket.ts";
import { Ticket } from "./ticket.ts";

/** Reads the ticket of one document, or says all that is wrong with it; an empty document has neither. `place`: of a node, undefined for the file's begin. */
export function readTicket(
  document: Document.Parsed,
  place: (node: unknown) => Place,
): PlacedTicket | { problems: TicketProblem[] } {
  const { contents, errors, warnings } = document;
  if (errors.some(({ message }) => message.includes("call stack")))
    return { problems: [{ ...place(contents), message: tooDeep }] };
  // A warning is of a tag that nobody knows, so that the value may mean something else.
  const problems: TicketProblem[] = [...errors, ...warnings].map((error) => ({
    ...place(error),
    message: error.message,
  }));
  if (problems.length > 0) return { problems };
  problems.push(...structureProblems(contents, place));
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

const tooDeep = "is nested too deeply";

/** A ticket is a map of lists and maps, with nothing further in them. */
const mostDeep = 8;

/** Aliases, which could make a small file huge, and what is nested too deeply, found without recursion. */
function structureProblems(contents: unknown, place: (node: unknown) => Place): TicketProblem[] {
  const problems: TicketProblem[] = [];
  const found = [{ node: contents, depth: 0 }];
  for (let one = found.pop(); one !== undefined; one = found.pop()) {
    const { node, depth } = one;
    if (depth > mostDeep) return [{ ...place(contents), message: tooDeep }];
    if (isAlias(node))
      problems.push({
        ...place(node),
        message: `an alias (*${node.source}) is not supported here`,
      });
    const inside = isMap(node)
      ? node.items.flatMap(({ key, value }) => [key, value])
      : isSeq(node)
        ? node.items
        : [];
    found.push(...inside.map((child) => ({ node: child, depth: depth + 1 })).toReversed());
  }
  return problems;
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

import { parse } from "yaml";
import { isRefMatch } from "./ref-pattern.ts";

/** What a workflow file says of when it runs. */
export interface WorkflowFile {
  path: string;
  text: string;
}

export type Triggered =
  /** `surely`: without a filter of paths, which GitHub holds against a push in its own way. */
  | { is: "runs"; surely: boolean }
  /** `why`: in words that follow the file's name. */
  | { is: "not"; why: string }
  | { is: "invalid"; why: string };

export interface PushedBranch {
  branch: string;
  /** What the commit changes; null when that is not known. */
  files: readonly string[] | null;
}

/** Whether a push to this branch starts the workflow. */
export function runsOnPush(file: WorkflowFile, { branch, files }: PushedBranch): Triggered {
  const events = eventsOf(file);
  if (events === null) return invalid;
  if (!events.has("push")) return { is: "not", why: `runs on ${named(events)} only` };
  const filter = events.get("push") ?? {};
  const hasTags = "tags" in filter || "tags-ignore" in filter;
  const hasBranches = "branches" in filter || "branches-ignore" in filter;
  if (hasTags && !hasBranches) return { is: "not", why: "runs on pushed tags only" };
  return filtered(filter, branch, files, "pushes to");
}

/** Whether a pull request into this base branch starts the workflow when it is opened or gets a new commit. */
export function runsOnPullRequest(
  file: WorkflowFile,
  { base, files }: { base: string; files: readonly string[] | null },
): Triggered {
  const events = eventsOf(file);
  if (events === null) return invalid;
  if (!events.has("pull_request")) return { is: "not", why: `runs on ${named(events)} only` };
  const filter = events.get("pull_request") ?? {};
  const types = listOf(filter["types"]);
  if (types !== null && !types.some((type) => ["opened", "synchronize"].includes(type)))
    return { is: "not", why: `runs on pull requests that are ${types.join(" or ")} only` };
  return filtered(filter, base, files, "pull requests into");
}

const invalid: Triggered = { is: "invalid", why: "has no readable `on:`" };

type Filter = Readonly<Record<string, unknown>>;

/** The events of `on:` with their filters; null when the file cannot be read. */
function eventsOf({ text }: WorkflowFile): Map<string, Filter> | null {
  let document: unknown;
  try {
    document = parse(text, { logLevel: "error", maxAliasCount: 100 });
  } catch {
    // Not YAML: GitHub reports it in a run of its own, or not at all.
    return null;
  }
  if (!isRecord(document)) return null;
  const on = document["on"] ?? document["true"];
  if (typeof on === "string") return new Map([[on, {}]]);
  if (Array.isArray(on)) return new Map(on.map((event) => [String(event), {}]));
  if (!isRecord(on)) return null;
  return new Map(
    Object.entries(on).map(([event, filter]) => [event, isRecord(filter) ? filter : {}]),
  );
}

function filtered(
  filter: Filter,
  ref: string,
  files: readonly string[] | null,
  of: string,
): Triggered {
  const branches = listOf(filter["branches"]);
  if (branches !== null && !isRefMatch(ref, branches))
    return { is: "not", why: `runs on ${of} ${branches.join(", ")} only` };
  const ignored = listOf(filter["branches-ignore"]);
  if (ignored !== null && isRefMatch(ref, ignored))
    return { is: "not", why: `leaves out ${of} ${ignored.join(", ")}` };
  const surely = !("paths" in filter || "paths-ignore" in filter);
  if (files === null) return { is: "runs", surely };
  const paths = listOf(filter["paths"]);
  if (paths !== null && !files.some((file) => isRefMatch(file, paths)))
    return { is: "not", why: `runs on changes of ${paths.join(", ")} only` };
  const left = listOf(filter["paths-ignore"]);
  if (left !== null && files.length > 0 && files.every((file) => isRefMatch(file, left)))
    return { is: "not", why: `leaves out changes of ${left.join(", ")}` };
  return { is: "runs", surely };
}

function named(events: ReadonlyMap<string, Filter>): string {
  return [...events.keys()].join(", ");
}

function listOf(value: unknown): string[] | null {
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value.map(String) : null;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

import type { EventFilter } from "./workflow-file.ts";

/** What the filters of an event are held against. */
export interface Occasion {
  /** Of a push: the branch pushed to; of a pull request: its base. */
  readonly branch: string | undefined;
  readonly tag?: string;
  /** Of a pull request, such as `opened`. */
  readonly type?: string;
  /** Undefined where GitHub does not know them: it runs then. */
  readonly changedPaths: readonly string[] | undefined;
}

/** Whether the `on:` of a workflow lets this event run it. */
export function matchesFilter(event: string, filter: EventFilter, occasion: Occasion): boolean {
  return (
    matchesType(event, filter, occasion) &&
    matchesRef(filter, occasion) &&
    matchesPaths(filter, occasion)
  );
}

function matchesType(event: string, filter: EventFilter, { type }: Occasion): boolean {
  if (type === undefined) return true;
  const types = patterns(filter, "types");
  return (types ?? defaultTypes[event] ?? [type]).includes(type);
}

const defaultTypes: Record<string, string[]> = {
  pull_request: ["opened", "synchronize", "reopened"],
  pull_request_target: ["opened", "synchronize", "reopened"],
};

/** A filter on branches alone keeps tags out, and the other way round. */
function matchesRef(filter: EventFilter, { branch, tag }: Occasion): boolean {
  const branches = patterns(filter, "branches");
  const branchesIgnore = patterns(filter, "branches-ignore");
  const tags = patterns(filter, "tags");
  const tagsIgnore = patterns(filter, "tags-ignore");
  if (tag !== undefined) {
    if (tags !== undefined) return matchesAny(tags, tag);
    if (tagsIgnore !== undefined) return !matchesAny(tagsIgnore, tag);
    return branches === undefined && branchesIgnore === undefined;
  }
  if (branch === undefined) return true;
  if (branches !== undefined) return matchesAny(branches, branch);
  if (branchesIgnore !== undefined) return !matchesAny(branchesIgnore, branch);
  return tags === undefined && tagsIgnore === undefined;
}

function matchesPaths(filter: EventFilter, { changedPaths }: Occasion): boolean {
  if (changedPaths === undefined) return true;
  const paths = patterns(filter, "paths");
  const ignored = patterns(filter, "paths-ignore");
  if (paths !== undefined) return changedPaths.some((path) => matchesAny(paths, path));
  if (ignored !== undefined) return !changedPaths.every((path) => matchesAny(ignored, path));
  return true;
}

/** The last pattern that matches decides; one that begins with `!` takes away. */
function matchesAny(given: readonly string[], name: string): boolean {
  let matches = false;
  for (const pattern of given) {
    const takesAway = pattern.startsWith("!");
    if (toRegExp(takesAway ? pattern.slice(1) : pattern).test(name)) matches = !takesAway;
  }
  return matches;
}

/** `*` stays within a segment, `**` does not, `?` and `+` repeat what is before them, `[]` is one of these. */
function toRegExp(pattern: string): RegExp {
  const source = pattern.replaceAll(/\*\*\/|\*\*|\*|\\.|[.^${}()|/]/g, (part) => {
    if (part === "**/") return "(?:.*/)?";
    if (part === "**") return ".*";
    if (part === "*") return "[^/]*";
    return part.startsWith("\\") ? part : `\\${part}`;
  });
  return new RegExp(`^${source}$`);
}

function patterns(filter: EventFilter, key: string): string[] | undefined {
  const given = filter[key];
  if (given === undefined) return undefined;
  return (Array.isArray(given) ? given : [given]).map(String);
}

import type { Draft } from "./drafts.ts";
import type { Note, Notes } from "./notes.ts";
import { shapeOf } from "./shape.ts";

/** Lines that want a place, the most wanted first, until the excerpt is full to this share. */
interface Wish {
  readonly notes: readonly Note[];
  readonly share: number;
}

/**
 * What may come into an excerpt, in order: how it ended, the runner's summary, then breadth before depth: every failure's name and words before
 * anyone's traceback. What other tools than the fallback ones found comes before guesses.
 */
export function byImportance({ failed, passed }: Notes): Wish[] {
  const groups = groupsOf(failed);
  const exact = varied(groups.filter(({ draft }) => draft.tool.isFallback !== true));
  const guessed = fromBothEnds(groups.filter(({ draft }) => draft.tool.isFallback === true));
  const found = exact.length > 0 ? exact : guessed;
  const summaries = failed.filter(({ role }) => role === "summary");
  const bad = summaries.filter(({ text }) => tellsOfFailure.test(text));
  const { starts, commands, scripts } = beginningsOf(failed, found);
  const end = endOf(failed);
  const details = found.map((group) => group.details);
  const around = found.map((group) => group.around);
  return [
    {
      notes: [...fromBothEnds(failed.filter(({ role }) => role === "exit")), ...starts],
      share: 0.2,
    },
    { notes: [...fromBothEnds(bad), ...summaries.slice(-1)], share: 0.35 },
    // The titles of the first few with their words, then all titles.
    {
      notes: found
        .slice(0, 3)
        .flatMap((group) => [...group.titles.slice(0, 1), ...group.details.slice(0, 2)]),
      share: 0.5,
    },
    { notes: found.flatMap(({ titles }) => titles.slice(0, 1)), share: 0.65 },
    { notes: rounds(details, 1), share: 0.72 },
    { notes: [...commands, ...scripts.slice(0, 4)], share: 0.78 },
    { notes: end.slice(0, 8), share: 0.82 },
    { notes: found.flatMap(({ titles }) => titles.slice(1)), share: 0.85 },
    { notes: rounds(details, 2), share: 0.9 },
    { notes: rounds(around, 6), share: 0.95 },
    {
      notes: guessed.flatMap(({ titles, details: own }) => [...titles, ...own.slice(0, 2)]),
      share: 1,
    },
    {
      notes: failed
        .filter(({ role, draft }) => role === "echo" || (role === "block" && draft === null))
        .toReversed(),
      share: 1,
    },
    { notes: rounds([...around, ...guessed.map((group) => group.around)], 6), share: 1 },
    { notes: [...end, ...scripts, ...summaries.toReversed()], share: 1 },
    {
      notes: passed.filter(({ role }) => role === "title" || role === "summary").toReversed(),
      share: 1,
    },
  ];
}

const tellsOfFailure =
  /\b[1-9]\d* (?:\w+ )?(?:fail|error|problem|broken|issue|would be)|fail|error|FAIL|ERROR/;

/** One failure and its lines. */
interface Group {
  readonly draft: Draft;
  readonly titles: readonly Note[];
  /** Those that say most first. */
  readonly details: readonly Note[];
  /** The other lines, those near a title or detail first. */
  readonly around: readonly Note[];
}

function groupsOf(notes: readonly Note[]): Group[] {
  const byDraft = new Map<Draft, Note[]>();
  for (const note of notes) {
    if (note.draft === null) continue;
    const own = byDraft.get(note.draft);
    if (own === undefined) byDraft.set(note.draft, [note]);
    else own.push(note);
  }
  return [...byDraft].map(([draft, own]) => {
    const titles = own.filter(({ role }) => role === "title");
    const details = own.filter(({ role }) => role === "detail");
    const rest = own.filter(({ role }) => role === "block" || role === "context");
    return {
      draft,
      titles: titles.toSorted((a, b) => b.text.length - a.text.length),
      details: details.toSorted((a, b) => a.distance - b.distance),
      around: nearestFirst(
        rest,
        [...titles, ...details].map(({ n }) => n),
      ),
    };
  });
}

/** Lines by how near they stand to one that matters. */
function nearestFirst(notes: readonly Note[], unsorted: readonly number[]): Note[] {
  const marks = unsorted.toSorted((a, b) => a - b);
  let at = 0;
  const far = new Map<Note, number>();
  for (const note of notes) {
    while ((marks[at + 1] ?? Infinity) < note.n) at++;
    const beside = [marks[at] ?? Infinity, marks[at + 1] ?? Infinity];
    far.set(note, Math.min(...beside.map((mark) => Math.abs(mark - note.n))));
  }
  return notes.toSorted((a, b) => (far.get(a) ?? 0) - (far.get(b) ?? 0));
}

/** The tools of each step take turns; of what one of them found, what says something new comes first, then what stands in another file. */
function varied(groups: readonly Group[]): Group[] {
  const byTool = Map.groupBy(groups, ({ draft }) => draft.tool.name);
  const lists = [...byTool.values()].map((own) => {
    const words = new Set<string>();
    const places = new Set<string>();
    const ranks: [Group[], Group[], Group[]] = [[], [], []];
    for (const group of own) {
      const { message, title, file = "" } = group.draft;
      const word = `${title.slice(0, 3)} ${shapeOf(message ?? title)}`;
      ranks[words.has(word) ? (places.has(file) ? 2 : 1) : 0].push(group);
      words.add(word);
      places.add(file);
    }
    return ranks.flat();
  });
  return rounds(lists, 1);
}

/** The next few of each in turn, until all are through. */
function rounds<T>(lists: readonly (readonly T[])[], few: number): T[] {
  const all: T[] = [];
  const longest = Math.max(0, ...lists.map((list) => list.length));
  for (let at = 0; at < longest; at += few)
    for (const list of lists) if (at < list.length) all.push(...list.slice(at, at + few));
  return all;
}

/** The last, the first, the last but one, and so on. */
function fromBothEnds<T>(items: readonly T[]): T[] {
  const half = Math.ceil(items.length / 2);
  return rounds([items.slice(half).toReversed(), items.slice(0, half)], 1);
}

/** How the failing steps began, and the commands that ran last before something failed. */
function beginningsOf(
  notes: readonly Note[],
  found: readonly Group[],
): Record<"starts" | "commands" | "scripts", Note[]> {
  const first = new Set(found.slice(0, 3).flatMap(({ titles }) => titles));
  const commands = new Set<Note>();
  let command: Note | undefined;
  for (const note of notes) {
    if (note.role === "command") command = note;
    if ((note.role === "exit" || first.has(note)) && command !== undefined) commands.add(command);
  }
  return {
    starts: notes.filter(({ role }) => role === "start" || role === "job"),
    commands: [...commands].slice(0, 4),
    scripts: notes.filter(({ role }) => role === "script"),
  };
}

/** The last lines before the failed step gave up, the newest first. */
function endOf(notes: readonly Note[]): Note[] {
  const end = notes.findLastIndex(({ role }) => role === "exit");
  return notes
    .slice(0, end < 0 ? notes.length : end)
    .filter(({ role }) => role !== "noise")
    .toReversed();
}

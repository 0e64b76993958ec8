import {
  commandOf,
  isOfAmpx,
  repositoryKey,
  type Command,
  type Instant,
  type Millis,
} from "@ampx/core";
import type { z } from "zod";
import { Comments, IssueEvents, Nothing } from "../answers/index.ts";
import { repositoryPath } from "../repository-path.ts";
import type { InboxScope } from "./watch.ts";

/** What somebody asks for, who may be anybody. */
export interface Heard {
  /** Tells it from all others of this GitHub, for ever. */
  key: string;
  by: string;
  at: Instant;
  /** Of the issue or pull request. */
  number: number;
  ofPull: boolean;
  /** `label`: it was set on the issue. */
  asks: Command | { is: "label" };
}

/** What was heard since a feed was last read, and how it is said that it was read. */
export interface Hearing {
  heard: Heard[];
  settle(): Promise<void>;
}

/** Whatever lies this far back may still come into a list after something newer has. */
const overlapMs: Millis = 2 * 60_000;
/** What was done is remembered for a week; nothing older may be heard. */
const maxAgeMs: Millis = 6 * 24 * 60 * 60_000;
const hourMs: Millis = 60 * 60_000;
const maxPages = 10;

/** Comments that are commands, oldest first. A comment is heard as it was when it was made: what is put into it later is not. */
export async function hearComments(scope: InboxScope, signal: AbortSignal): Promise<Hearing> {
  const { connected, repository } = scope;
  const mark = `${keyOf(scope)} comments`;
  const since = await readSince(scope, mark, signal);
  const from = new Date(since).toISOString();
  const path = `${repositoryPath(scope.repository)}/issues/comments?sort=created&direction=asc&since=${from}&per_page=100`;
  const pages = await connected.client.pages(path, Comments, { repository, signal });
  // The list goes by the time of the last edit.
  const comments = pages.flat().filter(({ at }) => at >= since);
  const heard = comments.flatMap(({ id, body, author, at, issue, ofPull }): Heard[] => {
    const asks = isOfAmpx(body) ? null : commandOf(body);
    if (asks === null || author === null || author.isBot || Number.isNaN(issue)) return [];
    return [
      { key: `${keyOf(scope)}#comment-${id}`, by: author.login, at, number: issue, ofPull, asks },
    ];
  });
  return { heard, settle: () => settle(scope, mark, comments) };
}

/** Issues that were given the label. */
export async function hearLabels(scope: InboxScope, signal: AbortSignal): Promise<Hearing> {
  const { connected, repository, config } = scope;
  const mark = `${keyOf(scope)} labels`;
  const since = await readSince(scope, mark, signal);
  const events: z.output<typeof IssueEvents> = [];
  for (let page = 1; page <= maxPages; page++) {
    const path = `${repositoryPath(scope.repository)}/issues/events?per_page=100&page=${page}`;
    const some = await connected.client.get(path, IssueEvents, { repository, signal });
    events.push(...some.filter(({ at }) => at >= since));
    // Newest first.
    if (some.length < 100 || some.some(({ at }) => at < since)) break;
  }
  const wanted = config.github.label.toLowerCase();
  const heard = events.flatMap(({ id, event, by, at, label, issue }): Heard[] => {
    if (event !== "labeled" || label?.toLowerCase() !== wanted) return [];
    if (by === null || by.isBot || issue === null || issue.isPull) return [];
    const { number } = issue;
    const asks = { is: "label" } as const;
    return [{ key: `${keyOf(scope)}#event-${id}`, by: by.login, at, number, ofPull: false, asks }];
  });
  return { heard, settle: () => settle(scope, mark, events) };
}

/** From when on a feed is to be read. What was there before the first look is nobody's wish for ampx. */
async function readSince(scope: InboxScope, mark: string, signal: AbortSignal): Promise<Instant> {
  const { store, connected, repository } = scope;
  const { client } = connected;
  const known = await store.readMark(mark);
  if (known === null) {
    // An answer tells GitHub's clock, by which its comments are dated.
    await client.get(repositoryPath(scope.repository), Nothing, { repository, signal });
    const now = Math.floor(client.now() / 1_000) * 1_000;
    await store.setReadMark(mark, now);
    return now;
  }
  // By the hour, so that the question stays the same and its answer costs nothing.
  return Math.max(known, Math.floor((client.now() - maxAgeMs) / hourMs) * hourMs);
}

async function settle(
  { store }: InboxScope,
  mark: string,
  read: readonly { at: Instant }[],
): Promise<void> {
  if (read.length === 0) return;
  await store.setReadMark(mark, Math.max(...read.map(({ at }) => at)) - overlapMs);
}

function keyOf({ connected, repository }: InboxScope): string {
  return repositoryKey(connected.host.web, repository);
}

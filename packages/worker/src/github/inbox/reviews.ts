import {
  commandOf,
  isOfAmpx,
  repositoryKey,
  requestRefusal,
  type Instant,
  type Millis,
  type ReviewComment,
  type TaskState,
} from "@ampx/core";
import type { OpenChange } from "@ampx/store";
import { z } from "zod";
import { Pull, WholePull } from "../answers/index.ts";
import { when } from "../answers/when.ts";
import { gitHubAddressOf } from "../names.ts";
import { readable } from "../reads.ts";
import { repositoryPath } from "../repository-path.ts";
import { readTalk, type Said } from "../talk.ts";
import { mayWrite } from "./may-write.ts";
import { noteClosed } from "./note-closed.ts";
import type { InboxDuty, InboxScope } from "./watch.ts";

/** What people with write access say of pull requests that tasks have open, and that somebody closed or merged one by hand. */
export function reviewDuty(): InboxDuty {
  /** As of which change of a pull request all is passed on; by its address. */
  const settled = new Map<string, Instant>();
  return {
    async repositories({ store, config }) {
      const changes = await store.openChanges();
      const repos = new Set(changes.map(({ repo }) => repo));
      return [...repos].flatMap((repo) => gitHubAddressOf(repo, config.github) ?? []);
    },

    async look(scope, signal) {
      const open = await ownChanges(scope);
      const { client } = scope.connected;
      const call = { repository: scope.repository, signal };
      const root = repositoryPath(scope.repository);
      // One question for all tasks of the repository, and for nothing while nobody says a word.
      const list = `${root}/pulls?state=open&sort=updated&direction=desc&per_page=100`;
      const listed = await client.get(list, ListedPulls, call);
      let again: Instant | null = null;
      for (const { id, number, change } of open) {
        const pull =
          listed.find((one) => one.number === number) ??
          (await readable(() => client.get(`${root}/pulls/${number}`, SinglePull, call)));
        // One that GitHub shows no more must not keep the others from being looked at.
        if (pull === null) continue;
        if (pull.state !== "open") {
          await noteClosed(scope, id, pull);
          continue;
        }
        if (settled.get(change) === pull.updated_at) continue;
        // Its times are whole seconds, so of the newest ones nobody knows whether more comes.
        const isCertain = client.now() - pull.updated_at > certainMs;
        // Nobody has touched it since it was opened.
        const isBlank = isCertain && pull.updated_at === pull.created_at;
        const next = isBlank ? null : await passOn(scope, { id, number }, signal);
        if (next === null && isCertain) settled.set(change, pull.updated_at);
        if (next !== null) again = Math.min(again ?? next, next);
      }
      return again;
    },
  };
}

const certainMs: Millis = 10_000;
/** What is told of one comment. The rest can be read at its address. */
const longest = 8_000;

const times = { created_at: when, updated_at: when };
const ListedPulls = z.array(Pull.extend(times));
const SinglePull = WholePull.extend({
  ...times,
  merged_by: z.object({ login: z.string() }).nullish(),
});

interface OwnChange extends OpenChange {
  number: number;
}

async function ownChanges({
  store,
  config,
  connected,
  repository,
}: InboxScope): Promise<OwnChange[]> {
  const { web } = connected.host;
  const here = repositoryKey(web, repository);
  const changes = await store.openChanges();
  return changes.flatMap((one) => {
    const address = gitHubAddressOf(one.repo, config.github);
    const number = Number(/\/pull\/(\d+)$/.exec(one.change)?.[1] ?? NaN);
    if (address === null || Number.isNaN(number)) return [];
    if (repositoryKey(web, address) !== here) return [];
    return [{ ...one, number }];
  });
}

/** Passes on what is new, once nobody has added to it for a while. Returns when that will be, null where nothing is left. */
async function passOn(
  scope: InboxScope,
  { id, number }: Pick<OwnChange, "id" | "number">,
  signal: AbortSignal,
): Promise<Instant | null> {
  const { store, connected, repository, clock, config } = scope;
  const row = await store.readTask(id);
  if (row === undefined) return null;
  const talk = await readTalk(connected.client, repository, number, signal);
  const fresh = await ofWriters(scope, newIn(talk, row.state), signal);
  const newest = fresh.at(-1);
  if (newest === undefined) return null;
  const silence = connected.client.now() - newest.at;
  const wanted = config.github.review_debounce_seconds * 1_000;
  if (silence < wanted) return clock.now() + wanted - silence;

  const comments = fresh.map(commentOf);
  const event = { type: "review_received" as const, at: clock.now(), comments };
  await store.request(id, event, (state) => requestRefusal(event, state)?.reason ?? null);
  return null;
}

/** Words of people that were not passed on yet and are no commands. */
function newIn(talk: readonly Said[], { reviews }: TaskState): Said[] {
  const known = new Set(reviews.received);
  return talk.filter(
    ({ key, by, isBot, text }) =>
      !known.has(key) && by !== "" && !isBot && !isOfAmpx(text) && commandOf(text) === null,
  );
}

async function ofWriters(
  scope: InboxScope,
  talk: readonly Said[],
  signal: AbortSignal,
): Promise<Said[]> {
  const allowed = new Map<string, boolean>();
  for (const { by } of talk)
    if (!allowed.has(by)) allowed.set(by, await mayWrite(scope, by, signal));
  return talk.filter(({ by }) => allowed.get(by) === true);
}

function commentOf({ key, by, text, path, line, url }: Said): ReviewComment {
  const cut = text.length > longest ? `${text.slice(0, longest).toWellFormed()}…` : text;
  return { key, by, text: cut, path, line, url };
}

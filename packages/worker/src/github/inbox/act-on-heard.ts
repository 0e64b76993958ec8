import {
  defaultBase,
  hiddenMark,
  issueTitle,
  newTask,
  requestRefusal,
  taskDefaults,
  type RequestEvent,
  type RequestRefusal,
} from "@ampx/core";
import { createWithNewId, type IdempotencyKey, type TaskRow } from "@ampx/store";
import { ulid } from "ulid";
import { Issue } from "../answers/index.ts";
import { repositoryPath } from "../repository-path.ts";
import { sayOnce } from "../say-once.ts";
import type { Heard } from "./heard.ts";
import type { InboxScope } from "./watch.ts";

/** A new task for an issue, once for what was heard. The issue is told of it when the work begins. */
export async function startTask(
  scope: InboxScope,
  heard: Heard,
  words: string,
  signal: AbortSignal,
): Promise<void> {
  const { connected, repository, config, clock, store, redact } = scope;
  const { owner, name } = repository;
  const path = `${repositoryPath(repository)}/issues/${heard.number}`;
  const issue = await connected.client.get(path, Issue, { repository, signal });
  const title = issueTitle(redact(issue.title));
  const wish = {
    repo: `${connected.host.web}/${owner}/${name}.git`,
    base: defaultBase,
    createdBy: heard.by,
    issue: heard.number,
    ...(title !== "" && { title }),
    ...(words !== "" && { prompt: words }),
  };
  const at = clock.now();
  const defaults = taskDefaults(config);
  await createWithNewId(
    store,
    (id) => newTask(wish, defaults, id, at),
    () => ulid(at),
    onceFor(heard),
  );
}

/** What a task is asked for, once. Whoever asks for what cannot be is told why. */
export async function askTask(
  scope: InboxScope,
  heard: Heard,
  { id }: TaskRow,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock } = scope;
  const event = requestOf(heard, clock.now());
  let refusal: RequestRefusal | null = null;
  const refuse = (state: TaskRow["state"]) => {
    refusal = requestRefusal(event, state);
    return refusal?.reason ?? null;
  };
  const result = await store.request(id, event, refuse, onceFor(heard));
  if (result.is === "refused" && !isPending(refusal))
    await answerHeard(scope, heard, `ampx cannot do that: ${result.reason}.`, signal);
}

/** An answer to what was heard, once, below it. */
export async function answerHeard(
  { connected: { client }, repository, redact }: InboxScope,
  { key, number, at }: Heard,
  text: string,
  signal: AbortSignal,
): Promise<void> {
  const mark = hiddenMark(`answer to ${key}`);
  await sayOnce({ client, repository }, { number, mark, text: redact(text), since: at }, signal);
}

function requestOf({ asks, by }: Heard, at: number): RequestEvent {
  if (asks.is === "abort") return { type: "abort_requested", at, by };
  if (asks.is === "merge") return { type: "merge_requested", at, by };
  const text = asks.is === "continue" ? asks.words : "";
  return { type: "continue_requested", at, by, text, allow: [] };
}

/** It is asked for already. */
function isPending(refusal: RequestRefusal | null): boolean {
  return refusal !== null && refusal.tryThis === null;
}

function onceFor({ key }: Heard): IdempotencyKey {
  return { key, digest: "heard" };
}

import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { evolve, shortId, type TaskEvent } from "@ampx/core";
import type { Store } from "@ampx/store";

const day = 24 * 3_600_000;
const sha = "a".repeat(40);

/**
 * Fills a store with tasks that are over: a few that the store itself has written, in several statuses, and copies of them with
 * ids, names and times of their own.
 */
export async function seedTasks(
  store: Store,
  database: string,
  count: number,
  createdBy: string,
): Promise<void> {
  const now = Date.now();
  const models: string[] = [];
  for (const [n, ending] of endings.entries()) {
    const id = idOf(n);
    models.push(id);
    await writeModel(store, id, { at: now - 30 * day + n, createdBy, ending });
  }
  const db = new DatabaseSync(database);
  try {
    db.exec("begin");
    copyTasks(db, models, count, now - 30 * day);
    db.exec("commit");
    db.exec("analyze");
  } finally {
    db.close();
  }
}

/** How the models end, from the moment that the agent's turn runs. Ready and merged ones have a whole history. */
const endings: ((at: number) => TaskEvent[])[] = [
  (at) => [...ready(at), { type: "merge_accepted", at }, ...merged(at)],
  ready,
  (at) => [turnEnded(at), { type: "nothing_changed", at, head: sha }],
  (at) => [
    { type: "turn_interrupted", at, ms: 5, cause: "abort" },
    { type: "aborted", at, by: "ada" },
  ],
];

function turnEnded(at: number): TaskEvent {
  const said = "I changed the handling of the empty case and ran the tests, which pass now.";
  return { type: "turn_ended", at, ms: 90_000, outcome: "completed", said };
}

function ready(at: number): TaskEvent[] {
  return [
    turnEnded(at),
    {
      type: "committed",
      at,
      commit: sha,
      tree: sha,
      base: sha,
      files: 3,
      insertions: 40,
      deletions: 12,
    },
    { type: "inspected", at, commit: sha, findings: [], preflight: false },
    { type: "push_started", at, commit: sha, expected: null },
    { type: "pushed", at, sha },
    { type: "ci_passed", at, sha, run: "run-1" },
    { type: "inspected", at, commit: sha, findings: [], preflight: false },
    { type: "change_opened", at, sha, change: "amp/task" },
  ];
}

function merged(at: number): TaskEvent[] {
  return [
    { type: "rebased", at, commit: sha, base: sha },
    { type: "merge_started", at, sha, expectedBase: sha },
    { type: "merged", at, sha },
  ];
}

async function writeModel(
  store: Store,
  id: string,
  model: { at: number; createdBy: string; ending: (at: number) => TaskEvent[] },
): Promise<void> {
  const { at, createdBy, ending } = model;
  await store.createTask({
    type: "task_created",
    at,
    task: {
      id,
      repo: "/srv/projects/shop/repo.git",
      base: "main",
      branch: `amp/model-${shortId(id)}`,
      title: "Handle the empty basket in the checkout",
      prompt: "The checkout fails with an empty basket. Show the empty page instead, with a test.",
      agent: "command",
      createdBy,
      createdAt: at,
    },
    budget: { maxAttempts: 5, maxAgentMs: 7_200_000, deadline: null },
  });
  const holder = { host: "bench", pid: 1, startedAt: "bench" };
  const claim = await store.claim({ id: "bench", holder, slots: 1, leaseMs: day, now: at });
  if (claim === undefined) throw new Error("the model task could not be claimed");
  let { state, seq } = claim;
  const events: TaskEvent[] = [
    { type: "started", at },
    { type: "prepared", at, worktree: "/srv/worktrees/model", base: sha, head: sha },
    { type: "turn_started", at, resumed: false },
    ...ending(at),
  ];
  for (const event of events) {
    state = evolve(state, event);
    const result = await store.append(claim.lease, seq, event, state);
    if (result.is !== "appended") throw new Error(`${event.type}: ${result.is}`);
    seq = result.seq;
  }
  await store.release(claim.lease, seq, {
    wakeAt: null,
    reason: "you: merge it, or say what is missing",
    faults: 0,
    now: at,
  });
}

function copyTasks(db: DatabaseSync, models: string[], count: number, since: number): void {
  const rows = models.map((id) => db.prepare("select * from tasks where id = ?").get(id) ?? {});
  const columns = Object.keys(rows[0] ?? {});
  const insert = db.prepare(
    `insert into tasks (${columns.map((name) => `"${name}"`).join(", ")}) values (${columns.map(() => "?").join(", ")})`,
  );
  const copyEvents = db.prepare(
    "insert into events (task_id, seq, at, type, data) select ?, seq, at, type, replace(data, ?, ?) from events where task_id = ? order by seq",
  );
  for (let n = models.length; n < count; n++) {
    const model = rows[n % models.length];
    const modelId = models[n % models.length];
    if (model === undefined || modelId === undefined) throw new Error("no model task");
    const id = idOf(n);
    const at = since + n * 10;
    const own: Record<string, SQLInputValue> = {
      id,
      short_id: shortId(id),
      branch: `amp/copy-${n}`,
      title: `Handle the empty basket in the checkout, variant ${n}`,
      created_at: at,
      updated_at: at + 1_000,
    };
    insert.run(...columns.map((name) => own[name] ?? model[name] ?? null));
    copyEvents.run(id, modelId, id, modelId);
  }
}

/** They sort as their numbers, and none shares its last six characters with another. */
function idOf(n: number): string {
  return `01J${String(n).padStart(23, "0")}`;
}

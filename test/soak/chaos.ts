import { isAtRest, type RequestEvent, requestRefusal } from "@ampx/core";
import type { TaskRow } from "@ampx/store";
import type { WorkerProcess } from "../world/worker-process.ts";
import type { World } from "../world/world.ts";
import type { Random } from "./random.ts";

/** Counted, to be told at the end. */
export type Deeds = Record<
  "kills" | "stops" | "aborts" | "continues" | "releases" | "pauses" | "merges",
  number
>;

/** What goes wrong and what people do, one thing at a time; the worker is replaced when it dies. */
export class Chaos {
  readonly deeds: Deeds = {
    kills: 0,
    stops: 0,
    aborts: 0,
    continues: 0,
    releases: 0,
    pauses: 0,
    merges: 0,
  };
  readonly #world: World;
  readonly #random: Random;
  #worker: WorkerProcess;

  static async begin(world: World, random: Random): Promise<Chaos> {
    return new Chaos(world, random, await world.startWorker());
  }

  private constructor(world: World, random: Random, worker: WorkerProcess) {
    this.#world = world;
    this.#random = random;
    this.#worker = worker;
  }

  /** People merge what is green and `wanted`, and let go on what waits for them, whatever else happens. */
  async tend(rows: readonly TaskRow[], wanted: (row: TaskRow) => boolean): Promise<void> {
    for (const row of rows) {
      const { name } = row.state.phase;
      if (name === "ready" && wanted(row)) await this.#ask(row, "merge_requested", "merges");
      if (name === "needs_review" || name === "error")
        await this.#ask(row, "continue_requested", "continues");
    }
  }

  async strike(rows: readonly TaskRow[]): Promise<void> {
    const random = this.#random;
    const live = rows.filter(({ state }) => !isAtRest(state) && state.phase.name !== "queued");
    const at = random.next();
    if (at < 0.02) await this.#replaceWorker("SIGKILL", "kills");
    else if (at < 0.03) await this.#replaceWorker("SIGTERM", "stops");
    else if (at < 0.06) await this.#askOne(live, "abort_requested", "aborts");
    else if (at < 0.09)
      await this.#askOne(
        rows.filter(({ state }) => state.phase.name === "aborted"),
        "continue_requested",
        "continues",
      );
    else if (at < 0.11)
      await this.#askOne(
        rows.filter(({ state }) => state.locks.length > 0),
        "locks_released",
        "releases",
      );
    else if (at < 0.12) await this.#pause();
  }

  /** What was aborted goes on, so that what depends on it can. */
  async takeUpAgain(rows: readonly TaskRow[]): Promise<void> {
    for (const row of rows)
      if (row.state.phase.name === "aborted")
        await this.#ask(row, "continue_requested", "continues");
  }

  async end(): Promise<void> {
    await this.#worker.kill("SIGTERM");
  }

  async #replaceWorker(signal: "SIGKILL" | "SIGTERM", deed: keyof Deeds): Promise<void> {
    this.deeds[deed] += 1;
    await this.#worker.kill(signal);
    this.#worker = await this.#world.startWorker();
  }

  async #pause(): Promise<void> {
    const { store } = this.#world;
    this.deeds.pauses += 1;
    await store.pause({ repo: null, by: "kim", at: Date.now(), untilRestart: false });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await store.resume({ repo: null });
  }

  async #askOne(rows: readonly TaskRow[], type: Asked, deed: keyof Deeds): Promise<void> {
    const row = this.#random.of(rows);
    if (row !== undefined) await this.#ask(row, type, deed);
  }

  /** What is refused by then, or asked for already, is not counted. */
  async #ask(row: TaskRow, type: Asked, deed: keyof Deeds): Promise<void> {
    const event = requestOf(type);
    const result = await this.#world.store.request(
      row.id,
      event,
      (state) => requestRefusal(event, state)?.reason ?? null,
    );
    if (result.is === "appended") this.deeds[deed] += 1;
  }
}

type Asked = "abort_requested" | "merge_requested" | "continue_requested" | "locks_released";

function requestOf(type: Asked): RequestEvent {
  const at = Date.now();
  if (type === "locks_released") return { type, at, by: "kim", reason: "for another" };
  if (type === "continue_requested") return { type, at, by: "kim", text: "Go on.", allow: [] };
  return { type, at, by: "kim" };
}

import {
  TransientError,
  type Config,
  type Instant,
  type Millis,
  type RepositoryName,
} from "@ampx/core";
import type { Store } from "@ampx/store";
import type { Clock } from "../../ports.ts";
import type { GitHub } from "../connect.ts";

/** One repository on GitHub that is looked at for what people say there. */
export interface InboxScope {
  connected: GitHub;
  repository: RepositoryName;
  store: Store;
  /** The worker's. */
  config: Config;
  clock: Clock;
  redact: (text: string) => string;
  home: string;
}

/**
 * Looks at one repository and appends what it finds to the store; asked at each tick. It may be asked twice for the same, by this worker or another, so
 * what it appends must be told apart by itself. Returns when to look again if that is before the next tick, else null.
 */
export interface RepositoryLook {
  (scope: InboxScope, signal: AbortSignal): Promise<Instant | null>;
}

/** Something that people may say on GitHub, and where it is looked for. */
export interface InboxDuty {
  repositories(
    of: Pick<InboxScope, "store" | "config" | "clock" | "home">,
  ): Promise<RepositoryName[]>;
  look: RepositoryLook;
}

export interface InboxOptions extends Omit<InboxScope, "connected" | "repository"> {
  /** Who the worker is for GitHub; asked for once there is a repository to look at. */
  connect(signal: AbortSignal): Promise<GitHub>;
  duties: readonly InboxDuty[];
  /** Between two looks at a repository. */
  tickMs: Millis;
}

/** The worker's eye on what people say on GitHub. Polling is the truth: `hurry` only brings the next look forward. */
export interface Inbox {
  /** Looks again and again until the signal aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Looks at this repository, or at all, as soon as possible. */
  hurry(repository?: RepositoryName): void;
}

export function createInbox(options: InboxOptions): Inbox {
  const { store, config, clock, redact, home, duties, tickMs } = options;
  /** When each repository is looked at next, by its name. */
  const due = new Map<string, Instant>();
  /** What went wrong at the newest look: said once, not at every tick. */
  const complaints = new Map<string, string>();
  let news = Promise.withResolvers<void>();

  const look = async (
    repository: RepositoryName,
    looks: ReadonlySet<RepositoryLook>,
    signal: AbortSignal,
  ): Promise<void> => {
    const name = nameOf(repository);
    due.set(name, clock.now() + tickMs);
    try {
      const connected = await options.connect(signal);
      const scope = { connected, repository, store, config, clock, redact, home };
      for (const one of looks) {
        const again = await one(scope, signal);
        const planned = due.get(name);
        // Undefined: somebody hurries, so it is looked at once more in any case.
        if (again !== null && planned !== undefined) due.set(name, Math.min(planned, again));
      }
      complaints.delete(name);
    } catch (error) {
      // The next tick tries again; one repository must not keep the others from being looked at.
      if (signal.aborted) return;
      const words = error instanceof Error ? error.message : String(error);
      if (!(error instanceof TransientError) && complaints.get(name) !== words)
        console.error(`${name} cannot be looked at:`, error);
      complaints.set(name, words);
    }
  };

  /** Whoever is due. Returns when somebody is next. */
  const round = async (signal: AbortSignal): Promise<Instant> => {
    const places = new Map<string, { repository: RepositoryName; looks: Set<RepositoryLook> }>();
    for (const duty of duties) {
      for (const repository of await duty.repositories({ store, config, clock, home })) {
        const place = places.get(nameOf(repository)) ?? { repository, looks: new Set() };
        place.looks.add(duty.look);
        places.set(nameOf(repository), place);
      }
    }
    for (const name of due.keys()) if (!places.has(name)) due.delete(name);
    for (const [name, { repository, looks }] of places) {
      if (signal.aborted) break;
      if ((due.get(name) ?? -Infinity) <= clock.now()) await look(repository, looks, signal);
    }
    return Math.min(clock.now() + tickMs, ...due.values());
  };

  return {
    async run(signal) {
      while (!signal.aborted) {
        news = Promise.withResolvers();
        const next = await round(signal).catch((error: unknown) => {
          // The database may be busy for a while.
          if (!signal.aborted) console.error(error);
          return clock.now() + tickMs;
        });
        const over = new AbortController();
        const until = AbortSignal.any([signal, over.signal]);
        const pause = clock.sleep(Math.max(0, next - clock.now()), until);
        await Promise.race([news.promise, pause]);
        over.abort();
      }
    },

    hurry(repository) {
      if (repository === undefined) due.clear();
      else due.delete(nameOf(repository));
      news.resolve();
    },
  };
}

/** GitHub takes names in upper and lower case for the same. */
function nameOf({ owner, name }: RepositoryName): string {
  return `${owner}/${name}`.toLowerCase();
}

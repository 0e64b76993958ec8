import type { Instant, Millis, RepositoryName } from "@ampx/core";
import type { Clock } from "../ports.ts";
import type { Call } from "./client.ts";
import type { Answer } from "./exchange.ts";
import { raced } from "./raced.ts";
import { saidBy } from "./refusal.ts";

/** What was read, for all tasks: equal questions are one request, and what has not changed costs none. */
export interface AnswerMemory {
  read(path: string, call: Call): Promise<Answer>;
  /** Answers about the repository stay for their ETags; none is taken for fresh any more. */
  forget(repository: RepositoryName): void;
}

interface Kept {
  etag: string | null;
  answer: Answer;
  /** When it was asked for. */
  at: Instant;
}

const maxKept = 1_000;

/** `ask`: asks GitHub, by the ETag of what was read before. */
export function createAnswerMemory(
  clock: Clock,
  ask: (path: string, call: Call, etag: string | null) => Promise<Answer>,
): AnswerMemory {
  const known = new Map<string, Kept>();
  const asked = new Map<string, { answer: Promise<Answer>; at: Instant }>();

  return {
    async read(path, call) {
      const key = `${nameOf(call.repository)} ${path}`;
      const found = known.get(key);
      const { freshMs = 0 } = call;
      const newsAt = call.newsAt ?? -Infinity;
      const age = found === undefined ? Infinity : clock.now() - found.at;
      // One of the future is of a clock that was set back.
      const isFresh = found !== undefined && age >= 0 && age < freshMs && found.at >= newsAt;
      if (isFresh) return found.answer;
      // Whoever asks for the same at the same time shares the answer, but not the signal of another task.
      const running = asked.get(key);
      if (running !== undefined && running.at >= newsAt) {
        const shared = await raced(running.answer, call.signal).catch(
          () => undefined /* asked again below */,
        );
        call.signal.throwIfAborted();
        if (shared !== undefined) return shared;
      }
      const at = clock.now();
      const mine = ask(path, call, found?.etag ?? null).then((answer) => {
        const isSame = answer.status === 304 && found !== undefined;
        const whole = isSame ? found.answer : answer;
        const { at: keptAt = -Infinity } = known.get(key) ?? {};
        const isNewest = keptAt <= at || keptAt > clock.now();
        if (isNewest && mayKeep(whole, freshMs)) keep(key, whole, at);
        return whole;
      });
      asked.set(key, { answer: mine, at });
      try {
        return await mine;
      } finally {
        if (asked.get(key)?.answer === mine) asked.delete(key);
      }
    },

    forget(repository) {
      for (const [key, kept] of known)
        if (key.startsWith(`${nameOf(repository)} `)) kept.at = -Infinity;
    },
  };

  function keep(key: string, answer: Answer, at: Instant): void {
    known.delete(key);
    known.set(key, { etag: answer.headers.get("etag"), answer, at });
    const [oldest] = known.keys();
    if (known.size > maxKept && oldest !== undefined) known.delete(oldest);
  }
}

function nameOf({ owner, name }: RepositoryName): string {
  return `${owner}/${name}`;
}

/** What may not be read is not asked for at every look either, but what ends the work is: it may have been mended. */
function mayKeep({ status, body }: Answer, freshMs: Millis): boolean {
  if (status === 200) return true;
  const isRefused = status === 403 || status === 404;
  return isRefused && freshMs >= 60_000 && !/suspended/i.test(saidBy(body));
}

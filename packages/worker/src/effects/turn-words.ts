import type { TaskState } from "@ampx/core";

type Word = TaskState["requests"]["words"][number];

/** Words of people on their way into a running turn. */
export interface TurnWords extends AsyncIterable<string> {
  /** Looks at what people have asked for: words that shall not wait for the turn's end are passed on, with those before them. */
  offer(words: readonly Word[]): void;
  /** Nobody asks for more. */
  close(): void;
}

/** `onPassed` is called for each piece that the agent has taken, before it is given the next. */
export function turnWords(onPassed: () => Promise<void>): TurnWords {
  const given = new Set<string>();
  let waiting: string[] = [];
  const over = new AbortController();
  let news = Promise.withResolvers<void>();
  let isTaken = false;

  async function next(): Promise<IteratorResult<string, undefined>> {
    if (isTaken) await onPassed();
    isTaken = false;
    while (!over.signal.aborted) {
      const [text] = waiting;
      if (text !== undefined) {
        waiting = waiting.slice(1);
        isTaken = true;
        return { done: false, value: text };
      }
      await news.promise;
    }
    return { done: true, value: undefined };
  }

  return {
    offer(words) {
      const upTo = words.findLastIndex(({ interrupt }) => interrupt);
      for (const word of words.slice(0, upTo + 1)) {
        const key = JSON.stringify([word.at, word.by, word.text]);
        if (given.has(key)) continue;
        given.add(key);
        waiting.push(word.text);
      }
      wake();
    },
    close() {
      over.abort();
      wake();
    },
    [Symbol.asyncIterator]: () => ({
      next,
      return: async () => ({ done: true, value: undefined }),
    }),
  };

  function wake(): void {
    news.resolve();
    news = Promise.withResolvers();
  }
}

/** Whether words can be passed on in the middle of a turn: what also lets something through, or grants something, is a matter of the next one. */
export function arePlain(words: readonly Word[]): boolean {
  const upTo = words.findLastIndex(({ interrupt }) => interrupt);
  return words
    .slice(0, upTo + 1)
    .every(
      ({ text, allow, budget }) =>
        text !== "" && allow.length === 0 && Object.keys(budget).length === 0,
    );
}

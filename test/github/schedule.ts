/** What happens later, in the time of the fake. */
export interface Schedule extends AsyncDisposable {
  /** Milliseconds since 1970: the given clock, plus what was advanced. */
  now(): number;
  /** `run` is told its due time, which may lie before `now`. */
  at(time: number, run: (due: number) => void | Promise<void>): void;
  /** Does all that is due, also what that made due, in order of time. */
  pump(): Promise<void>;
  advance(ms: number): Promise<void>;
  /** When something happens next; Infinity: nothing will by itself. */
  next(): number;
}

export function createSchedule(clock: () => number, onBug: (error: unknown) => void): Schedule {
  const waiting: { time: number; order: number; run: (due: number) => void | Promise<void> }[] = [];
  let offset = 0;
  let order = 0;
  let timer: NodeJS.Timeout | undefined;
  let pumping: Promise<void> = Promise.resolve();
  let closed = false;

  const now = () => clock() + offset;

  const runDue = async () => {
    for (;;) {
      const next = waiting[0];
      if (closed || next === undefined || next.time > now()) break;
      waiting.shift();
      try {
        await next.run(next.time);
      } catch (error) {
        onBug(error);
      }
    }
    setTimer();
  };

  // A wait that a timer cannot hold is looked at again later.
  const setTimer = () => {
    clearTimeout(timer);
    const next = waiting[0];
    if (closed || next === undefined || next.time === Infinity) return;
    timer = setTimeout(() => void pump(), Math.min(Math.max(next.time - now(), 0), longestTimerMs));
    timer.unref();
  };

  const pump = () => {
    pumping = pumping.then(runDue);
    return pumping;
  };

  return {
    now,
    at(time, run) {
      waiting.push({ time, order: order++, run });
      waiting.sort((a, b) => a.time - b.time || a.order - b.order);
      setTimer();
    },
    pump,
    advance(ms) {
      offset += ms;
      return pump();
    },
    next: () => waiting[0]?.time ?? Infinity,
    async [Symbol.asyncDispose]() {
      closed = true;
      clearTimeout(timer);
      await pumping;
    },
  };
}

const longestTimerMs = 60_000;

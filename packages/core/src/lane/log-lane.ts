import type { Failure } from "../log/failure.ts";
import { oneLine } from "../one-line.ts";
import { type Blame, endsJob, forceOf, isSurer, theOneToBlame } from "./blame.ts";
import { findTrouble } from "./find-trouble.ts";
import { isOfTheCode } from "./is-of-the-code.ts";
import type { LaneRule, LogLaneName } from "./lane-rule.ts";

/** Whose failure the log of one job tells of. */
export interface LogLane {
  lane: LogLaneName;
  /** In words for people, without a full stop. */
  reason: string;
  /** The line that says so, at most 300 characters; "" for code. */
  evidence: string;
}

/** A fold over the plain lines of one failing job's log, in their order. */
export interface LaneReader {
  line(text: string): void;
  /** @param failures What the log's tools found. */
  end(failures: readonly Failure[]): LogLane;
}

/**
 * Tells failures of the code from failures of the world around it. Never throws; memory is bounded by the number of rules.
 *
 * The lane is that of what ended the job, and these rules say what did:
 * - A line counts only if its step fails: a step that ends well (the next one begins), a success after a retry and a new attempt take back what was said.
 * - A failed test, a type, lint or format error, a crash, or a compiler's error in a source file is the code's, whatever else was printed, unless the
 *   runner ended the job before the command could end itself: then the list of failures is a part, a re-run gives all of it and costs no attempt.
 *   Once a command ended itself, its failures stand, even if the runner was lost afterwards.
 * - What a newer run replaced is cancelled even with failed tests: the newer one tells of the newer commit.
 * - A job or step that ran into its time limit is the code's, because hangs mostly are; unless the network's last words stand right before it.
 * - Steps after the failed one (`if: always()`) do not change whose failure it is; of the words in the failed step the first, surest ones count,
 *   because what follows is mostly their echo.
 * - A log can lie: a test that prints the words of a runner costs a re-run. Whoever acts on the lane bounds the re-runs.
 */
export function laneReader(): LaneReader {
  let count = 0;
  let isScript = false;
  let sawError = false;
  /** The command ended itself with an error. */
  let endedItself = false;
  /** An error in an earlier step, or in this one, that no rule explains. */
  const unexplained = { before: false, here: false };
  /** The last three lines, in no order. */
  const before: string[] = [];
  const pending = new Map<LaneRule, Blame>();
  const confirmed = new Map<LaneRule, Blame>();

  function beginStep(): void {
    pending.clear();
    unexplained.before ||= unexplained.here;
    unexplained.here = false;
  }

  function confirm(): boolean {
    let any = false;
    for (const [rule, blame] of pending) {
      if (blame.force === "tries" && count - blame.last > triesReach) continue;
      if (blame.force === "gives_up" && count - blame.last > givesUpReach) continue;
      any = true;
      if (!confirmed.has(rule)) confirmed.set(rule, { ...blame, isLate: unexplained.before });
    }
    return any;
  }

  function suspect(rule: LaneRule, text: string, byRunner: boolean): void {
    const force = forceOf(rule, text, byRunner);
    const earlier = pending.get(rule);
    if (earlier !== undefined) earlier.last = count;
    if (earlier !== undefined && !isSurer(force, earlier.force)) return;
    const evidence = oneLine(text, { maxChars: 300 });
    pending.set(rule, { rule, force, evidence, byRunner, last: count, isLate: false });
  }

  function line(text: string): void {
    count++;
    const isCommand = text.startsWith("##[");
    if (isCommand && text.startsWith("##[group]Run ")) {
      isScript = true;
      return beginStep();
    }
    const isError = isCommand && text.startsWith("##[error]");
    if (isError || text === "##[endgroup]") isScript = false;
    // The script that a step is about to run says nothing yet.
    if (isScript) return;
    if (text === "Post job cleanup.") return beginStep();
    const trouble = findTrouble(text, before);
    before[count % 3] = text;
    if (trouble === null && !isError) return;
    for (const rule of trouble?.takesBack ?? []) pending.delete(rule);
    const rule = trouble?.rule ?? null;
    if (rule !== null) suspect(rule, text, isError);
    if (isError) {
      sawError = true;
      // After the runner's last word, every error is its echo.
      const isEcho = [...confirmed.values()].some(endsJob);
      endedItself ||= rule === null && !isEcho;
      unexplained.here = !confirm() && !isEcho;
    } else if (rule !== null && endsJob({ force: rule.force })) confirm();
  }

  function end(failures: readonly Failure[]): LogLane {
    if (!sawError || (confirmed.size === 0 && !endedItself)) confirm();
    const blames = [...confirmed.values()].filter(
      ({ isLate, force }) => !isLate || force === "settles",
    );
    const codes = failures.some(isOfTheCode);
    const blame = theOneToBlame(blames, codes, endedItself);
    if (blame !== null && blame.rule.lane !== "code")
      return { lane: blame.rule.lane, reason: blame.rule.reason, evidence: blame.evidence };
    const reason = codes ? "the project's own tools report failures" : "nothing else is to blame";
    return { lane: "code", reason: blame?.rule.reason ?? reason, evidence: "" };
  }

  return { line, end };
}

// Lines between the last words and the error that they explain: a program that gives up leaves room for others that run beside it.
const givesUpReach = 200;
const triesReach = 30;

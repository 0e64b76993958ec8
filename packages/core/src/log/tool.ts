import type { FailureKind } from "./failure.ts";

/**
 * What one tool prints when something fails, and what of that a fixer needs. Data only: the engine knows no tool by name. A tool is one file
 * in `tools/`, and one entry in `tools/index.ts`, whose order says who is asked first (the exact before the vague).
 *
 * Regular expressions see one plain line: no colours, timestamps, carriage returns or trailing blanks, no prefix of a runner of runners (`##[error]`,
 * `#12 3.4 ` of docker, `packages/a test: `), at most 2,000 characters. Blank lines come as "" to `until` only. They must take linear time on any line (a test feeds them hostile ones): no nested quantifiers, no two neighbouring unbounded ones that can take the
 * same character, begin with `^` where possible. No flags but `i` and `u`.
 */
export interface LogTool {
  /** The name in `Failure.tool`, as people write it. */
  readonly name: string;
  /** Of its failures, where the rule does not say otherwise. */
  readonly kind: FailureKind;
  /**
   * Literals, exact in case, at least one of which stands in every line that a rule without `within` takes. Lines without any are never shown to
   * the tool while it has nothing open. Rare ones keep the engine fast.
   */
  readonly hints: readonly string[];
  /** What it finds is only a guess, asked last and worth something where no other tool found a failure. */
  readonly isFallback?: true;
  /** Tried in order; the first that matches takes the line. */
  readonly rules: readonly LineRule[];
}

/** Named groups of `line` that mean something: `test`, `file`, `line`, `message`. Others are ignored. */
export interface LineRule {
  readonly line: RegExp;
  /**
   * - `failure`: one thing that failed; its groups fill a `Failure` (without `message`: from the next `detail`, else the line itself). Two of the
   *   same tool whose `test` names agree to their ends (`TestA.test_b` and `a.py::TestA::test_b`) and that come from different rules are one.
   * - `detail`: an important line of the failure or block that is open; its groups fill what the latest failure of the tool lacks. A detail
   *   without groups is only kept. Where nothing is open it does nothing.
   * - `early`: a detail that stands before its failure (`x_test.go:8: want 3` above `--- FAIL: TestX`): the next `failure` takes the latest few; a
   *   `place` or `end` between them makes them forgotten.
   * - `place`: its groups are the defaults of the failures that follow, until another `place` or an `end`. Kept beside the first of them.
   * - `block`: lines worth keeping that are no failure of their own.
   * - `summary`: the runner's last word (`3 failed, 10 passed`): always kept. Without `within` it closes what is open.
   * - `echo`: says again that something above failed (`make: *** Error 1`): never a failure, kept when there is room.
   * - `noise`: worth nothing: left out first.
   * - `end`: closes what is open, forgets the place.
   */
  readonly is:
    | "failure"
    | "detail"
    | "early"
    | "place"
    | "block"
    | "summary"
    | "echo"
    | "noise"
    | "end";
  /** Only while something of this tool is open; such a rule needs no hint. */
  readonly within?: true;
  readonly kind?: FailureKind;
  /**
   * The lines behind this one belong to it: at most `lines`, up to a line that `until` matches (which is not part of it), and up to the
   * next line of this tool that opens something itself. While open, the tool is shown every line. What a `failure` opened is closed to all
   * other tools: what looks like their output there is quoted.
   */
  readonly opens?: { readonly lines: number; readonly until?: RegExp };
  /** Its `test` or `message` is put behind what is known (a test's name not any more once there is a message): `Expected: 1`, `Received: 2`. */
  readonly appends?: true;
  /** The latest failure is none after all: a suite that only says that a test in it failed. */
  readonly retracts?: true;
  /** For tools that head their findings with a line of their own (a path): looked for in the 3 lines above; its groups are a `place` from then on. */
  readonly above?: RegExp;
  /** The rule takes a line only where `above` is found; its groups then are for this failure alone. */
  readonly needsAbove?: true;
}

/**
 * What tests and checks look like in a language. A file in `languages/` each; to add one, write it and name it in `languages/index.ts`. Expressions see one
 * line; each must take linear time (anchor it, or bound what repeats).
 */
export interface Language {
  name: string;
  /** Paths of its files. */
  path: RegExp;
  /** Of these, the ones that hold tests. */
  testPath: RegExp;
  /** A line that opens tests inside a file of production code; what follows it in the file is tests. */
  testsFrom?: RegExp;
  /** A line that is nothing but a comment. */
  comment: RegExp;
  /** A line that begins a test. Its group is the name; without one, the name is that of the next function. */
  test: RegExp;
  /** A line that checks something. */
  assertion: RegExp;
  /** An assertion of the one right value. */
  exact: RegExp;
  /** An assertion that many values pass; counts over `exact`. */
  weak: RegExp;
  /** An assertion that nothing can fail. */
  trivial: RegExp;
  /** Takes a test out of the run. */
  skipped: readonly RegExp[];
  /** Takes it out where something holds: fine in a new test, not in one that ran so far. */
  skippedIf: readonly RegExp[];
  /** Takes all other tests out of the run. */
  focused: readonly RegExp[];
  /** Quiets a checker of types, style or coverage. */
  quieted: readonly RegExp[];
  /** Ends the test run as a success. */
  exits: readonly RegExp[];
  /** Production code that asks whether it is being tested. */
  detectsTests: readonly RegExp[];
  /** Takes a failed assertion for a success, on one line. */
  swallows: readonly RegExp[];
  /** Opens what may swallow, together with an empty block on the next line. */
  catches: RegExp;
  /** The next line of `catches` when it does nothing. */
  nothing: RegExp;
}

/** Whose failure a log tells of. `code` is what is left when nothing else is to blame. */
export type LogLaneName = "code" | "infrastructure" | "cancelled" | "configuration";

/**
 * What one program prints when something else than the code is to blame. Rules for patterns: linear time, so no repetition inside another and
 * whatever repeats is bounded; a line is looked at up to 2,000 characters.
 */
export interface LaneRule {
  /** `code` serves a rule that must win over the others: a time limit that also cancels the job. */
  lane: LogLaneName;
  /** What happened, in words for people, without a full stop: it stands after "infrastructure: ". */
  reason: string;
  /** A line without any of these is never looked at. At least 8 characters each; letter case is ignored. */
  literals: readonly string[];
  /** What the line must look like besides. */
  pattern?: RegExp;
  /** And this, in the line or one of the three before it: programs wrap long messages. */
  near?: RegExp;
  /** But not this. */
  unless?: RegExp;
  /**
   * How sure the line makes it:
   * `settles`: nothing else of this log matters.
   * `ends_job`: only the runner or the CI service says this, and the job is over.
   * `gives_up` (the default): a program gives up. It counts if its step fails, no success follows and no code failure explains the red.
   * `tries`: a warning or a retry. It counts only right before the end.
   */
  force?: LaneForce;
  /**
   * Also a test whose own failure says so fails because of the machine, unless it compares. Otherwise a failed test is the code's, whatever it
   * says, and what it prints besides its failure never counts.
   */
  evenInTests?: true;
}

export type LaneForce = "settles" | "ends_job" | "gives_up" | "tries";

/** One source of trouble: a program or a service, and what it prints. */
export interface LaneSource {
  rules: readonly LaneRule[];
  /** What it prints once it got what it wanted: a line like this takes back what this source, or every source, said in the same step. */
  recovered?: { literals: readonly string[]; pattern?: RegExp; ofEverySource?: true };
}

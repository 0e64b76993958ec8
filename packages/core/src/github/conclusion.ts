/**
 * What a conclusion says of the commit. `skip`: nothing was looked at, which GitHub counts as passed. `person`: somebody must approve.
 * `unclear`: neither green nor red, such as a cancelled run, or a word that is not known here.
 */
export type Meaning = "pass" | "skip" | "fail" | "person" | "unclear";

/** The meaning of a completed run's or check's conclusion. */
export function meaningOf(conclusion: string | null): Meaning {
  return (conclusion === null ? undefined : conclusions.get(conclusion)) ?? "unclear";
}

/** The meaning of a commit status; null while it is pending. */
export function meaningOfState(state: string): Meaning | null {
  if (state === "pending") return null;
  if (state === "success") return "pass";
  return state === "failure" || state === "error" ? "fail" : "unclear";
}

const conclusions = new Map<string, Meaning>([
  ["success", "pass"],
  ["neutral", "pass"],
  ["skipped", "skip"],
  ["failure", "fail"],
  ["timed_out", "fail"],
  // The workflow file is wrong: there are no jobs and no logs.
  ["startup_failure", "fail"],
  ["action_required", "person"],
  ["cancelled", "unclear"],
  ["stale", "unclear"],
]);

/** The base of a task that is for whatever the default branch is: only who works on it may ask the forge for its name. */
export const defaultBase = "HEAD";

/** A base branch as people are told of it. */
export function baseName(base: string): string {
  return base === defaultBase ? "the default branch" : base;
}

import { z } from "zod";

// What is read of GitHub's answers, and nothing more: its words are open sets, and fields that old servers lack are optional.

export * from "./issues.ts";
export * from "./jobs.ts";
export * from "./pulls.ts";
export * from "./repository.ts";
export * from "./rows.ts";

/** An answer whose body does not matter. */
export const Nothing = z.unknown();

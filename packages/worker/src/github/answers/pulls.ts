import { z } from "zod";

export const Pull = z.object({
  number: z.int(),
  node_id: z.string().optional(),
  html_url: z.string(),
  state: z.string(),
  draft: z.boolean().optional(),
  title: z.string(),
  body: z.string().nullable(),
  merged_at: z.string().nullish(),
  /** Not null: GitHub merges it once it may. */
  auto_merge: z.looseObject({}).nullish(),
  head: z.object({ ref: z.string(), sha: z.string() }),
  base: z.object({ ref: z.string() }),
});

export type Pull = z.output<typeof Pull>;

export const Pulls = z.array(Pull);

/** What only the look at one pull request tells. `mergeable`: null while GitHub works it out. */
export const WholePull = Pull.extend({
  mergeable: z.boolean().nullish(),
  mergeable_state: z.string().nullish(),
  merged: z.boolean().nullish(),
});

/** Where a pull request comes from. `repo` is null for a fork that is gone. */
export const Head = z.object({
  head: z.object({ ref: z.string(), repo: z.object({ id: z.int() }).nullish() }),
  base: z.object({ repo: z.object({ id: z.int() }) }),
});

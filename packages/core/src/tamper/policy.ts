import { z } from "zod";
import { TamperVerdict } from "./finding.ts";
import { tamperRules, type TamperRuleName } from "./rules/index.ts";

/** The config's group `gate`: a verdict for each rule, and what nobody may touch. Unknown rules are refused. */
export const TamperPolicy = z
  .strictObject({
    ...verdicts(),
    protected_paths: z
      .array(z.string("must be text").min(1, "must not be empty"), "must be a list")
      .default([])
      .meta({
        description:
          "Globs of files that agents may not change: * within a folder, ** over folders; one without / fits at any depth.",
        project: true,
      }),
  })
  .meta({
    description:
      "What becomes of changes after which green means less: allow, undo (the agent is told to take it back) or hold (a person decides).",
  });
export type TamperPolicy = z.infer<typeof TamperPolicy>;

/** What applies where the config says nothing. */
export const defaultTamperPolicy: TamperPolicy = TamperPolicy.parse({});

type VerdictKey = z.ZodDefault<typeof TamperVerdict>;

function verdicts(): Record<TamperRuleName, VerdictKey> {
  const keys: Partial<Record<TamperRuleName, VerdictKey>> = {};
  for (const { name, verdict, what } of tamperRules)
    keys[name] = z
      .enum(TamperVerdict.options, "must be allow, undo or hold")
      .default(verdict)
      .meta({ description: what, project: true });
  // Every rule was given its key just above.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return keys as Record<TamperRuleName, VerdictKey>;
}

import { z } from "zod";

/** What becomes of a finding: it passes, the agent is told to undo it, or a person has to decide. */
export const TamperVerdict = z.enum(["allow", "undo", "hold"]);
export type TamperVerdict = z.infer<typeof TamperVerdict>;

/** One place where a change may make green mean less. */
export const Finding = z.object({
  /** The rule's name, as in the config and in `--allow`. */
  rule: z.string(),
  /** Path in the repository; the new one of a renamed file. */
  file: z.string(),
  /** In the new file, or in the old one where the line is gone; null where the whole file is meant. */
  line: z.int().positive().nullable(),
  /** One line without secrets. */
  evidence: z.string().max(200),
  verdict: TamperVerdict,
});
export type Finding = z.infer<typeof Finding>;

/** Which rules found something where, in one line of bounded length: each rule and file once, and how many more. */
export function namesOf(findings: readonly Finding[]): string {
  const names = [...new Set(findings.map(({ rule, file }) => `${rule} in ${file}`))];
  const more = names.length > mostNames ? `, and ${names.length - mostNames} more` : "";
  return names.slice(0, mostNames).join(", ") + more;
}

const mostNames = 5;

import { readFile } from "node:fs/promises";
import { Sha } from "@ampx/core/scalars";
import { z } from "zod";
import { writeDurably } from "./write-durably.ts";

/**
 * `ci-status/<sha>.json`: the verdict on one commit, written once it is there. Says PASS and FAIL only of commits that were judged. The first
 * six keys are all that another tool needs to write; ampx writes the others as well.
 */
export const CiStatus = z
  .object({
    ref: z.string().describe("The ref that was pushed, such as refs/heads/main"),
    commit: Sha.describe("The commit that was judged; also the file's name"),
    status: z.enum(["PASS", "FAIL"]).describe("PASS: ci.sh ended with 0"),
    timestamp: z.iso.datetime({ offset: true }).describe("When the run started"),
    duration: z.number().nonnegative().describe("Seconds"),
    output: z.string().describe("The last 64 KiB of what ci.sh printed, without secrets"),
    schema: z.literal(1).optional(),
    repo: z
      .string()
      .optional()
      .describe("The repository's name, for repositories that share a ci-status"),
    exit_code: z
      .int()
      .nullable()
      .optional()
      .describe("Of ci.sh; null when a signal or the timeout ended it"),
    timed_out: z.boolean().optional(),
    script: z
      .discriminatedUnion("from", [
        z.object({ from: z.literal("beside") }),
        z.object({ from: z.literal("base"), base: z.string(), commit: Sha }),
      ])
      .optional()
      .describe("Which ci.sh judged: the one beside the repository, or the one of a branch"),
  })
  .refine(
    (status) =>
      status.exit_code === undefined || (status.exit_code === 0) === (status.status === "PASS"),
    {
      message: "status and exit_code contradict each other",
    },
  );
export type CiStatus = z.infer<typeof CiStatus>;

/** `ci-status/<sha>.error.json`: why a commit could not be judged. Says nothing about the commit. */
export const CiFault = z.object({
  schema: z.literal(1),
  repo: z.string(),
  ref: z.string(),
  commit: Sha,
  timestamp: z.iso.datetime({ offset: true }).describe("When the run started"),
  cause: z.string(),
});
export type CiFault = z.infer<typeof CiFault>;

export type StatusFile =
  | { is: "judged"; status: CiStatus }
  | { is: "absent" }
  /** Torn, edited by hand or of another commit: never a verdict. */
  | { is: "invalid"; cause: string };

/** Reads the verdict on exactly this commit. */
export async function readStatus(file: string, sha: Sha): Promise<StatusFile> {
  const text = await readIfThere(file);
  if (text === null) return { is: "absent" };
  const parsed = CiStatus.safeParse(parseJson(text));
  if (!parsed.success)
    return { is: "invalid", cause: `${file} is no CI status: ${firstIssue(parsed.error)}` };
  if (parsed.data.commit !== sha)
    return { is: "invalid", cause: `${file} is about another commit, ${parsed.data.commit}` };
  return { is: "judged", status: parsed.data };
}

/** Why the newest run could not judge this commit, or null. */
export async function readFault(
  file: string,
  sha: Sha,
): Promise<Pick<CiFault, "cause" | "timestamp"> | null> {
  const text = await readIfThere(file);
  if (text === null) return null;
  const parsed = CiFault.safeParse(parseJson(text));
  if (parsed.success && parsed.data.commit === sha) return parsed.data;
  return { cause: `${file} cannot be read`, timestamp: "" };
}

/** Writes a verdict or a fault: whole and on disk, or not at all. */
export async function writeRecord(file: string, record: CiStatus | CiFault): Promise<void> {
  await writeDurably(file, `${JSON.stringify(record, null, 2)}\n`);
}

async function readIfThere(file: string): Promise<string | null> {
  return readFile(file, "utf8").catch((error: unknown) =>
    error instanceof Error && "code" in error && error.code === "ENOENT"
      ? null
      : Promise.reject(error),
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Torn; the schema says so.
    return undefined;
  }
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? "unreadable" : `${issue.path.join(".")} ${issue.message}`.trim();
}

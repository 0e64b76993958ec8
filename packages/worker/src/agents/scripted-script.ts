import { z } from "zod";

const path = z.string().min(1).describe("Relative to the worktree.");
const once = "Done when it is begun: a turn that is resumed goes on behind it.";

const tokens = z.int().nonnegative();

/** One thing that the scripted agent does. Each is named by its first key. */
export const Step = z.union([
  z
    .strictObject({ say: z.string() })
    .describe("Says something; what is said last is the turn's final word."),
  z
    .strictObject({ write: path, content: z.string(), executable: z.boolean().default(false) })
    .describe("Writes a whole file, with its folders."),
  z.strictObject({ delete: path }).describe("Deletes a file or a folder."),
  z
    .strictObject({ edit: path, find: z.string().min(1), replace: z.string() })
    .describe(
      "Replaces the first occurrence of a text in a file. If only the new text is there, it has been done.",
    ),
  z
    .strictObject({ run: z.string() })
    .describe(
      "Runs a command line by sh in the worktree; its output is the agent's. Its exit code is shown and no more.",
    ),
  z.strictObject({ sleep: z.int().nonnegative() }).describe("Waits so many milliseconds."),
  z
    .strictObject({
      print: z.int().nonnegative(),
      width: z.int().min(20).max(1_000_000).default(100),
    })
    .describe("Prints so many numbered lines of so many characters each, line end included."),
  z.strictObject({ raw: z.string() }).describe("Prints a line that is not of the protocol."),
  z
    .strictObject({ hang: z.literal(true), deaf: z.boolean().default(false) })
    .describe(`Falls silent for ever; deaf: also does not end when asked to. ${once}`),
  z
    .strictObject({ exit: z.int().min(0).max(255) })
    .describe(`Ends the process without a last word. ${once}`),
  z
    .strictObject({
      fail: z.enum(["auth", "rate_limit", "overloaded", "context", "model", "spawn", "protocol"]),
      message: z.string().default("scripted failure"),
      reset_in_seconds: z.int().nonnegative().optional(),
    })
    .describe(`Reports a failure, and in how many seconds the limit behind it ends. ${once}`),
  z
    .strictObject({
      use: z.strictObject({
        input_tokens: tokens,
        output_tokens: tokens,
        cache_read_tokens: tokens.default(0),
        cache_write_tokens: tokens.default(0),
        usd: z.number().nonnegative().nullable().default(null),
      }),
    })
    .describe(`Tells that so much was used, as after a call of a model. ${once}`),
  z
    .strictObject({
      ask: z.strictObject({
        tool: z.string(),
        input: z.string(),
        paths: z.array(z.string()).default([]),
      }),
    })
    .describe(
      'Asks whether a tool may be used, waits for the answer and says it: "allowed", or "denied: " and why.',
    ),
]);
export type Step = z.infer<typeof Step>;

/** What the agent does in its first turn, its second turn, and so on. Behind the last it only says that nothing is left to do. */
const Turns = z.array(z.array(Step));

/**
 * The script of a scripted agent, in YAML or JSON:
 *
 * ```yaml
 * turns:
 *   - - write: greeting.txt
 *       content: "helo\n"
 *     - say: I wrote the greeting.
 *   - - edit: greeting.txt
 *       find: helo
 *       replace: hello
 *     - say: Fixed the spelling.
 * ```
 *
 * What people say while a turn runs is said back at once, as "heard: …". A turn that was cut off is taken up by the next prompt at the step that was cut off; one that was completed is not repeated.
 */
export const Script = z.strictObject({
  turns: Turns.default([]),
  /** Other turns for sessions whose first prompt contains `when`; the first that fits counts. */
  cases: z.array(z.strictObject({ when: z.string(), turns: Turns })).default([]),
});
export type Script = z.infer<typeof Script>;

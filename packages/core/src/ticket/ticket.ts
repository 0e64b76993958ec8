import { z } from "zod";

/**
 * One piece of work of a backlog, as people write it in YAML; the one source of the files' keys, their checks and their JSON Schema. Like a project's
 * config it comes from a repository, so nothing in it may harm the machine.
 */
export const Ticket = z.strictObject({
  id: z
    .string("must be text")
    .regex(
      /^(?!.*\.\.)(?!.*\.lock$)[A-Za-z0-9][\w.-]{0,63}$/,
      "must be 1 to 64 letters, digits, dots, dashes or underscores, and begin with a letter or digit",
    )
    .meta({
      description: "Names the ticket: for dependencies, and in the name of its branch.",
      examples: ["AUTH-12"],
    }),
  title: z
    .string("must be text")
    .trim()
    .min(1, "must not be empty")
    .max(200, "must not be longer than 200 characters")
    .regex(/^[^\p{Cc}]*$/u, "must be one line without control characters")
    .meta({ description: "One line for lists.", examples: ["Reject expired sessions"] }),
  description: z
    .string("must be text")
    .trim()
    .min(1, "must not be empty")
    .max(200_000, "must not be longer than 200,000 characters")
    .refine((text) => !text.includes("\0"), "must not hold a NUL character")
    .optional()
    .meta({ description: "What the agent shall do; the title by default." }),
  priority: z
    .int("must be a whole number from 1 to 9")
    .min(1, "must be a whole number from 1 to 9")
    .max(9, "must be a whole number from 1 to 9")
    .default(5)
    .meta({ description: "1 is done first, 9 last. What waits for long moves up." }),
  locks: list(lockName(), 50).meta({
    description:
      "Areas that no other ticket may change at the same time, such as user-auth. read:user-auth may be held by many at once, while nobody holds user-auth.",
    examples: [["user-auth", "read:database"]],
  }),
  dependencies: list(z.string("must be the id of a ticket"), 200).meta({
    description: "Tickets that come first.",
    examples: [["AUTH-11"]],
  }),
  estimate_min: z
    .int("must be a whole number of minutes")
    .min(1, "must be at least 1 minute")
    .max(100_000, "must not be more than 100,000 minutes")
    .optional()
    .meta({ description: "Minutes that it may take, as people guess; shown, and nothing else." }),
  tags: list(name(), 50).meta({ description: "Words to find it by.", examples: [["backend"]] }),
  repo: z
    .string("must be text")
    .min(1, "must not be empty")
    .max(4096, "must not be longer than 4,096 characters")
    .regex(/^[^\p{Cc}]*$/u, "must be one line without control characters")
    .optional()
    .meta({
      description: "The repository; that of the project whose backlog it is in by default.",
      examples: ["acme/shop"],
    }),
  base: name()
    .optional()
    .meta({ description: "The branch that the change is for; the default branch by default." }),
  agent: name()
    .optional()
    .meta({ description: "Who does it; the project's agent by default.", examples: ["claude"] }),
  max_attempts: z
    .int("must be a whole number from 1 to 100")
    .min(1, "must be a whole number from 1 to 100")
    .max(100, "must be a whole number from 1 to 100")
    .optional()
    .meta({ description: "Turns of the agent that may be spent." }),
  budget: z
    .strictObject(
      {
        usd: positive(1_000_000).optional().meta({ description: "US dollars." }),
        tokens: z
          .int("must be a whole number")
          .min(1, "must be at least 1")
          .max(1_000_000_000_000, "is too much")
          .optional()
          .meta({ description: "Tokens of all kinds." }),
        minutes: positive(100_000).optional().meta({ description: "Minutes of agent time." }),
      },
      "must hold usd, tokens or minutes",
    )
    .optional()
    .meta({ description: "What it may use, over all attempts; the project's caps by default." }),
  acceptance: list(z.string("must be text").trim().min(1, "must not be empty"), 100).meta({
    description: "What must be true when it is done; told to the agent.",
    examples: [["An expired session gets 401."]],
  }),
  protected_paths: list(z.string("must be a pattern").min(1, "must not be empty"), 200).meta({
    description: "Patterns of files that it must not change, as in .gitignore.",
    examples: [["migrations/**"]],
  }),
});
export type Ticket = z.infer<typeof Ticket>;

/** A name that is not a path: of a lock, a tag, a branch. */
function name() {
  return z
    .string("must be text")
    .regex(
      /^(?!.*\.\.)[A-Za-z0-9][\w./-]{0,99}$/,
      "must be letters, digits, dots, dashes, underscores or slashes, and begin with a letter or digit",
    );
}

function lockName() {
  return z
    .string("must be the name of a lock")
    .regex(
      /^(?:read:)?(?!.*\.\.)[A-Za-z0-9][\w./-]{0,99}$/,
      "must be letters, digits, dots, dashes, underscores or slashes, and begin with a letter or digit; read: before it shares the lock",
    );
}

function positive(most: number) {
  return z
    .number("must be a number")
    .positive("must be more than 0")
    .max(most, `must not be more than ${most}`);
}

function list<T extends z.ZodType>(element: T, most: number) {
  return z
    .array(element, "must be a list")
    .max(most, `must not have more than ${most} entries`)
    .default([]);
}

/** JSON Schema (draft 2020-12) of a ticket, for editors. */
export function ticketJsonSchema(): Record<string, unknown> {
  return {
    title: "ampx ticket",
    ...z.toJSONSchema(Ticket, { io: "input" }),
  };
}

/** The same as a file. */
export function ticketSchemaFile(): string {
  return `${JSON.stringify(ticketJsonSchema(), null, 2)}\n`;
}

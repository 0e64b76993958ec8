import { z } from "zod";

/** When an agent tells something of its turn: after each model call, at the turn's end, or never. */
const When = z.enum(["live", "at_end", "never"]);

/** What an agent can do beside working on a prompt. */
export const AgentAbilities = z.object({
  /** Takes up its session in the next turn. */
  resume: z.boolean(),
  /** When it tells how many tokens it has used. */
  tokens: When,
  /** When it tells what it has cost, by its own account. */
  cost: When,
  /** Asks before it uses a tool, and does as it is answered. */
  permissions: z.boolean(),
  /** Takes words while a turn runs. */
  steering: z.boolean(),
});
export type AgentAbilities = z.infer<typeof AgentAbilities>;

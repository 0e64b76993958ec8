import type { Sha } from "../scalars.ts";
import { quoted } from "./change-text.ts";

/** What is answered to comments on a pull request: the commit that meets them, else what the agent says of them. Not redacted yet. */
export function reviewAnswer({ commit, said }: { commit: Sha | null; said: string }): string {
  if (commit !== null) return `Answered by ${commit}.`;
  const words = said.trim();
  return words === ""
    ? "The agent has left the change as it is, and does not say why."
    : `The agent has left the change as it is:\n\n${quoted(words, 4_000)}`;
}

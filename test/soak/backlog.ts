import type { TaskId, TicketTerms } from "@ampx/core";
import type { World } from "../world/world.ts";
import type { Random } from "./random.ts";

/**
 * What the agents do: each writes a file of its own. Those of whose ticket it is said are red first: told by the repository, as a turn is played
 * again when its worker dies.
 */
export const script = {
  turns: [[{ run: 'echo good > "$(git branch --show-current | tr / -)"' }, { say: "Done." }]],
  cases: [
    {
      when: "RED",
      turns: Array.from({ length: 8 }, () => [
        {
          run: 'f="$(git branch --show-current | tr / -)"; n=$(git rev-list --count origin/main..HEAD); if [ "$n" -lt 1 ]; then echo bad > "$f"; else echo good > "$f"; fi',
        },
        { say: "I think that is it." },
      ]),
    },
  ],
};

/** Red as long as anything bad is there. */
export const ci = '! grep -qx bad amp-* || { echo "FAIL: a bad one"; exit 1; }';

/** Tickets with locks of some areas, shared or not, and dependencies on those before. */
export async function makeBacklog(
  world: World,
  count: number,
  random: Random,
): Promise<Map<TaskId, TicketTerms>> {
  const made = new Map<TaskId, TicketTerms>();
  for (let n = 0; n < count; n++) {
    const areas = new Set<string>();
    while (random.chance(0.4)) areas.add(`area-${random.below(20)}`);
    const before = new Set<string>();
    if (n > 0 && random.chance(0.25)) before.add(`T-${random.below(n)}`);
    if (n > 0 && random.chance(0.1)) before.add(`T-${random.below(n)}`);
    const terms: TicketTerms = {
      id: `T-${n}`,
      digest: "",
      locks: [...areas].map((area) => (random.chance(0.4) ? `read:${area}` : area)),
      dependencies: [...before],
      tags: [],
      protectedPaths: [],
    };
    const prompt = random.chance(0.2) ? "Add a file. RED" : "Add a file.";
    const more = { priority: 1 + random.below(9), ticket: terms };
    made.set(await world.createTask({ maxAttempts: 50 }, prompt, more), terms);
  }
  return made;
}

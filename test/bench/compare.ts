import { type Finding, isMet, type Round } from "./finding.ts";

const maxRounds = 3;

/** Takes samples of both sides in turns, whoever was second going first the next time. A round that misses the target is repeated, at most twice. */
export async function compare(
  what: Omit<Finding, "rounds">,
  samples: number,
  sides: { measured(): Promise<number>; baseline(): Promise<number> },
): Promise<Finding> {
  const rounds: Round[] = [];
  const isDone = () => rounds.length > 0 && (isMet({ rounds, target: what.target }) ?? true);
  while (rounds.length < maxRounds && !isDone()) {
    const round: Round = { measured: [], baseline: [] };
    for (let pair = 0; pair < samples; pair++) {
      const order = pair % 2 === 0 ? turns : turns.toReversed();
      for (const side of order) round[side].push(await sides[side]());
    }
    rounds.push(round);
  }
  return { ...what, rounds };
}

const turns = ["baseline", "measured"] as const;

/**
 * Keeps answers that stay true for ever, such as what lies between two commits: the newest `most` of those that are `worth` it. An answer that
 * could not be had is asked for again.
 */
export function remember<Answer>(
  most: number,
  worth: (answer: Answer) => boolean,
): (key: string, ask: () => Promise<Answer>) => Promise<Answer> {
  const answers = new Map<string, Answer>();
  return async (key, ask) => {
    const known = answers.get(key);
    const answer = known ?? (await ask());
    answers.delete(key);
    if (worth(answer)) answers.set(key, answer);
    const [oldest] = answers.keys();
    if (answers.size > most && oldest !== undefined) answers.delete(oldest);
    return answer;
  };
}

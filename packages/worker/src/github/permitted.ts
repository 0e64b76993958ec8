import { GitHubRefusal } from "./refusal.ts";

/** For what is nice to have: GitHub's no is taken. */
export async function permitted(send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!(error instanceof GitHubRefusal)) throw error;
  }
}

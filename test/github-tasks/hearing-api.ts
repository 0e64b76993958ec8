import { startApi, type RunningApi } from "@ampx/api";
import { looseRules } from "@ampx/store";
import type { GitHubWorld } from "./github-world.ts";

const webhookSecret = "what-only-github-knows";

/** An API of this world that GitHub's webhooks reach. */
export async function hearingApi({ store, github, home }: GitHubWorld): Promise<RunningApi> {
  const api = await startApi(
    {
      store,
      token: "the API's own",
      now: () => github.now(),
      newId: () => "",
      version: "0.0.0",
      home,
      user: "kim",
      repositories: { resolve: () => Promise.reject(new Error("nothing is created here")) },
      defaults: {
        agent: "scripted",
        maxAttempts: 1,
        maxMinutes: 1,
        branchPrefix: "amp/",
        fallbacks: [],
        maxUsd: undefined,
        maxTokens: undefined,
        ticketBranches: "ampx",
      },
      schedule: { rules: looseRules, slots: 3 },
      dayCaps: { usd: null, tokens: null },
      githubUrl: github.url,
      webhookSecret,
      leakedSecret: () => null,
      logFiles: async () => [],
      logger: { info: () => {}, error: (message, error) => console.error(message, error) },
    },
    0,
  );
  github.addHook({ url: `${api.url}/webhooks/github`, secret: webhookSecret });
  return api;
}

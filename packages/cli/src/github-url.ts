import { UserError } from "@ampx/core/user-error";
import { custom } from "@oclif/core/flags";
import type { Client } from "./client.ts";

/** `--github-url`: like `AMPX_GITHUB_URL`, and before it. */
export function githubUrlFlag() {
  return custom({
    description:
      "The GitHub that owner/name is on: the address of a GitHub Enterprise Server [default: the configured one]",
    helpValue: "<url>",
    parse: async (input) => {
      const url = URL.parse(input.trim());
      if (url !== null && /^https?:$/.test(url.protocol)) return url.origin;
      throw new UserError(`--github-url is ${JSON.stringify(input)}, not an address`, {
        kind: "invalid",
        tryThis: "--github-url https://github.example.org",
      });
    },
  })();
}

/** This environment with that GitHub. */
export function withGitHub(env: NodeJS.ProcessEnv, url: string | undefined): NodeJS.ProcessEnv {
  return url === undefined ? env : { ...env, AMPX_GITHUB_URL: url };
}

/** Throws a `UserError` when the running server is for another GitHub than the one that is asked for, if one is. */
export async function checkGitHub(client: Client, asked: string | undefined): Promise<void> {
  if (asked === undefined) return;
  const { github_url: url } = await client.status();
  if (new URL(url).origin === asked) return;
  throw new UserError(`The server that runs is for the GitHub at ${url}, not at ${asked}`, {
    kind: "conflict",
    tryThis: `ampx stop && ampx serve --detach --github-url ${asked}`,
  });
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { UserError, webhookEvents } from "@ampx/core";
import { webhookSecretName } from "../server/child-environment.ts";
import { readConfig } from "../server/server-config.ts";
import { checkGh } from "./check-gh.ts";
import { checkServer } from "./check-server.ts";
import { startRelay } from "./relay.ts";

export interface Forwarding {
  /** As `owner/name`. */
  repo: string;
  /** Where the server answers. */
  server: string;
  env: NodeJS.ProcessEnv;
}

/**
 * Lets gh forward a repository's webhooks to the server until the signal aborts. Throws a `UserError` when something that it takes is missing,
 * and when gh ends by itself.
 */
export async function forwardWebhooks(
  { repo, server, env }: Forwarding,
  signal: AbortSignal,
  tell: { begun(forwarded: { repo: string; events: string[]; to: string }): void },
): Promise<void> {
  const { [webhookSecretName]: given = "", ...without } = env;
  const secret = given.trim();
  if (secret === "")
    throw new UserError(`${webhookSecretName} is not set, with which webhooks are signed`, {
      kind: "invalid",
      tryThis: `export ${webhookSecretName}=$(openssl rand -hex 32), then start the server in the same environment`,
    });
  const to = new URL("/webhooks/github", server);
  await checkServer(to, secret, signal);
  await checkGh(without);
  const { github } = await readConfig(env);
  const { host } = new URL(github.url);
  // gh takes the secret as an argument, which everybody on this machine can read: so it is signed here.
  await using relay = await startRelay({ to, secret });
  const events = [...webhookEvents];
  const args = ["webhook", "forward", `--repo=${repo}`, `--events=${events.join(",")}`];
  args.push(`--url=${relay.url}`, ...(host === "github.com" ? [] : [`--github-host=${host}`]));
  // What gh says is for people.
  const gh = spawn("gh", args, { env: without, stdio: ["ignore", 2, 2] });
  const ended = once(gh, "exit");
  tell.begun({ repo, events, to: to.href });
  const stop = () => gh.kill("SIGINT");
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  const [code]: unknown[] = await ended;
  signal.throwIfAborted();
  throw new UserError(`gh webhook forward has ended (exit code ${String(code)})`, {
    tryThis:
      "what it says above; it needs the right to administer webhooks (gh auth refresh --scopes admin:repo_hook), and one person at a time may forward those of a repository",
  });
}

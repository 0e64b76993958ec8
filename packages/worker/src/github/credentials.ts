import { TransientError, UserError, type Instant, type RepositoryName } from "@ampx/core";
import githubAppJwt from "universal-github-app-jwt";
import { z } from "zod";
import type { Clock } from "../ports.ts";
import { exchange, type Answer, type Question } from "./exchange.ts";
import { refusalOf } from "./refusal.ts";
import { repositoryPath } from "./repository-path.ts";

/** Who the worker is for GitHub. */
export type Identity =
  | { is: "app"; appId: string; privateKey: string }
  /** `from`: where it was found, in words. */
  | { is: "token"; token: string; from: string }
  | { is: "nobody" };

export interface Credential {
  token: string;
  /** Tokens of one scope share GitHub's limits. */
  scope: string;
}

/** Hands out tokens; the only place that has the key. */
export interface Credentials {
  readonly identity: Identity;
  /**
   * A token for this repository that is good for some minutes; null for nobody. `refused`: one that GitHub did not take, so not that again.
   * Throws a `UserError` for a person to mend, a `TransientError` for later.
   */
  tokenFor(
    repository: RepositoryName,
    call: { signal: AbortSignal; refused?: string },
  ): Promise<Credential | null>;
  /** The App as GitHub knows it, and what its installation on the repository may do (null: what the App asks for). Null for anything but an App. */
  app(repository: RepositoryName | null, signal: AbortSignal): Promise<AppFacts | null>;
}

export interface AppFacts {
  slug: string;
  permissions: Readonly<Record<string, string>>;
}

/** A token is renewed when less than this is left of it: a push must not outlive it. */
const renewBeforeMs = 10 * 60_000;

interface InstallationToken {
  token: string;
  expiresAt: Instant;
  permissions: Readonly<Record<string, string>>;
}

export function createCredentials({
  api,
  identity,
  clock,
}: {
  api: string;
  identity: Identity;
  clock: Clock;
}): Credentials {
  if (identity.is !== "app") {
    const credential = identity.is === "token" ? { token: identity.token, scope: "token" } : null;
    return {
      identity,
      tokenFor: () => Promise.resolve(credential),
      app: () => Promise.resolve(null),
    };
  }
  const installations = new Map<string, Promise<number>>();
  const tokens = new Map<number, Promise<InstallationToken>>();
  /** How far our clock is ahead of GitHub's. */
  let skew = 0;

  const asApp = async (question: Pick<Question, "method" | "url" | "signal">): Promise<Answer> => {
    for (let tries = 1; ; tries++) {
      const now = Math.floor((clock.now() - skew) / 1_000);
      const answer = await exchange({
        ...question,
        headers: { authorization: `Bearer ${await sign(identity, now)}` },
      });
      const found = answer.date === null ? 0 : clock.now() - answer.date;
      const isOff = Math.abs(found - skew) > 20_000;
      if (answer.status !== 401 || !isOff || tries > 1) return answer;
      skew = found;
    }
  };

  const installationOf = (repository: RepositoryName, signal: AbortSignal) =>
    kept(installations, `${repository.owner}/${repository.name}`.toLowerCase(), async () => {
      const path = `${repositoryPath(repository)}/installation`;
      const answer = await asApp({ method: "GET", url: api + path, signal });
      if (answer.status === 404)
        throw new UserError(
          `The GitHub App ${identity.appId} is not installed on ${repository.owner}/${repository.name}, or that does not exist`,
          { kind: "not_found", tryThis: "install the App there, or check the name" },
        );
      if (answer.status !== 200) throw appRefusal(answer, identity.appId);
      return Installation.parse(answer.body).id;
    });

  const tokenOf = async (installation: number, signal: AbortSignal, refused?: string) => {
    const known = await tokens.get(installation)?.catch(() => undefined /* asked for anew below */);
    const isGood =
      known !== undefined &&
      known.token !== refused &&
      known.expiresAt - renewBeforeMs > clock.now();
    if (known !== undefined && !isGood) tokens.delete(installation);
    return kept(tokens, installation, async () => {
      const url = `${api}/app/installations/${installation}/access_tokens`;
      const answer = await asApp({ method: "POST", url, signal });
      if (answer.status !== 201) throw appRefusal(answer, identity.appId);
      const { token, expires_at: expires, permissions } = InstallationAnswer.parse(answer.body);
      const ahead = answer.date === null ? 0 : clock.now() - answer.date;
      return { token, expiresAt: Date.parse(expires) + ahead, permissions };
    });
  };

  return {
    identity,
    async tokenFor(repository, { signal, refused }) {
      const installation = await installationOf(repository, signal);
      const { token } = await tokenOf(installation, signal, refused);
      return { token, scope: `installation ${installation}` };
    },
    async app(repository, signal) {
      const answer = await asApp({ method: "GET", url: `${api}/app`, signal });
      if (answer.status !== 200) throw appRefusal(answer, identity.appId);
      const app = AppAnswer.parse(answer.body);
      if (repository === null) return app;
      const { permissions } = await tokenOf(await installationOf(repository, signal), signal);
      return { slug: app.slug, permissions };
    },
  };
}

const AppAnswer = z.object({
  slug: z.string(),
  permissions: z.record(z.string(), z.string()).default({}),
});
const Installation = z.object({ id: z.int() });
const InstallationAnswer = z.object({
  token: z.string().min(1),
  expires_at: z.string(),
  permissions: z.record(z.string(), z.string()).default({}),
});

async function sign(
  { appId, privateKey }: Extract<Identity, { is: "app" }>,
  now: number,
): Promise<string> {
  try {
    return (await githubAppJwt({ id: appId, privateKey, now })).token;
  } catch (cause) {
    throw new UserError("The private key of the GitHub App cannot be read", {
      kind: "invalid",
      tryThis: "the .pem file as GitHub gave it, in github.private_key_file",
      cause,
    });
  }
}

function appRefusal(answer: Answer, appId: string): Error {
  const error = refusalOf(answer, "a token of the App's installation");
  if (error instanceof TransientError) return error;
  const suspended = /suspended/i.test(error.message);
  const tryThis = suspended
    ? "unsuspend the App in the settings of whoever installed it"
    : "the App's id (github.app_id) and a private key of this very App, and the clock of this machine";
  return new UserError(`GitHub does not take App ${appId}: ${error.message}`, {
    kind: "unauthorized",
    tryThis,
    cause: error,
  });
}

/** One question at a time for each key, whose answer is kept; a failure is not. */
function kept<K, V>(known: Map<K, Promise<V>>, key: K, ask: () => Promise<V>): Promise<V> {
  const found = known.get(key);
  if (found !== undefined) return found;
  const asked = ask();
  known.set(key, asked);
  asked.catch(() => {
    if (known.get(key) === asked) known.delete(key);
  });
  return asked;
}

import { generateKeyPairSync } from "node:crypto";
import { Nothing } from "@ampx/worker/github/answers/index";
import { createGitHubClient } from "@ampx/worker/github/client";
import { createCredentials } from "@ampx/worker/github/credentials";
import { gitHubReads } from "@ampx/worker/github/reads";
import { createEmulator } from "emulate";
import { expect, test } from "vitest";

// The client as an App against a GitHub that nobody here has written. It knows Apps, their permissions and refs; of pushes, runs and logs it
// knows nothing.

const shop = { owner: "acme", name: "shop" };
const { signal } = new AbortController();
const call = { repository: shop, signal };

async function make({ permissions = {}, key }: Asked = {}) {
  const emulator = await createEmulator({
    service: "github",
    port: 0,
    seed: {
      github: {
        users: [{ login: "kim" }],
        orgs: [{ login: "acme" }],
        repos: [{ owner: "acme", name: "shop", auto_init: true, default_branch: "main" }],
        apps: [
          {
            app_id: 42,
            slug: "ampx",
            name: "ampx",
            permissions,
            installations: [{ installation_id: 7, account: "acme", permissions }],
          },
        ],
      },
    },
  });
  const own = emulator.generatedSecrets.find(({ id }) => id === "42")?.value ?? "";
  const clock = { now: Date.now, awake: () => performance.now(), sleep: async () => {} };
  const identity = { is: "app", appId: "42", privateKey: key ?? own } as const;
  const credentials = createCredentials({ api: emulator.url, identity, clock });
  const graphql = `${emulator.url}/graphql`;
  return {
    credentials,
    client: createGitHubClient({ api: emulator.url, graphql, credentials, clock, writePauseMs: 0 }),
    [Symbol.asyncDispose]: () => emulator.close(),
  };
}

interface Asked {
  permissions?: Record<string, string>;
  key?: string;
}

const all = { contents: "write", metadata: "read", pull_requests: "write", checks: "read" };

test("an App finds its installation and reads the repository with a token of it", async () => {
  await using world = await make({ permissions: all });
  const repo = await gitHubReads(world.client, shop).repo(signal);
  expect(repo).toMatchObject({ full_name: "acme/shop", default_branch: "main" });
  expect(await world.credentials.app(shop, signal)).toEqual({ slug: "ampx", permissions: all });
  expect(await gitHubReads(world.client, shop).tipOf("main", signal)).toMatch(/^[0-9a-f]{40}$/);
});

test("what the installation may not do is refused in words that name it", async () => {
  await using world = await make({ permissions: all });
  const body = { name: "test", head_sha: "0".repeat(40) };
  const sent = world.client.send("POST", "/repos/acme/shop/check-runs", body, Nothing, call);
  await expect(sent).rejects.toThrow(/GitHub does not let the (App|token) do this/);
});

test("the key of another App, and a repository without it, are named", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  await using stranger = await make({ permissions: all, key });
  await expect(gitHubReads(stranger.client, shop).repo(signal)).rejects.toThrow(
    /does not take App 42/,
  );
  await using world = await make({ permissions: all });
  const elsewhere = { owner: "kim", name: "shop" };
  await expect(world.credentials.tokenFor(elsewhere, { signal })).rejects.toThrow(
    /is not installed on kim\/shop/,
  );
});

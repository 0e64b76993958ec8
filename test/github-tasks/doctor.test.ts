import { loadConfig } from "@ampx/core";
import { connectGitHub, examineGitHub } from "@ampx/worker/github/index";
import { expect, test } from "vitest";
import { startGitHub, type FakeGitHub } from "../github/github.ts";

const { signal } = new AbortController();
const clock = { now: Date.now, awake: () => performance.now(), sleep: async () => {} };
const shop = { owner: "acme", name: "shop" };

async function examine(
  github: FakeGitHub,
  env: Record<string, string>,
  repository: typeof shop | null = shop,
) {
  const { config } = loadConfig({ env: { AMPX_GITHUB_URL: github.url, ...env } });
  const connected = await connectGitHub(
    { config: config.github, env: { PATH: "/nonexistent", ...env }, clock },
    signal,
  );
  return examineGitHub(connected, repository, signal);
}

test("a classic token says whose it is, and names the scopes that it lacks", async () => {
  await using github = await startGitHub();
  await github.createRepository("acme/shop");
  const good = github.createToken({ login: "acme" });
  expect(await examine(github, { GH_TOKEN: good })).toEqual([
    { is: "ok", detail: "acme, by GH_TOKEN on acme/shop" },
  ]);
  const poor = github.createToken({ login: "acme", scopes: ["read:org"] });
  const [, lacks] = await examine(github, { GH_TOKEN: poor }, null);
  expect(lacks).toMatchObject({
    is: "missing",
    detail: expect.stringContaining("lacks the scope repo"),
  });
});

test("a fine-grained token is told what it cannot see", async () => {
  await using github = await startGitHub();
  await github.createRepository("acme/shop");
  const permissions = { contents: "write", pull_requests: "write", metadata: "read" } as const;
  const token = github.createToken({ login: "acme", kind: "fine-grained", permissions });
  const findings = await examine(github, { GITHUB_TOKEN: token });
  expect(
    findings.map(({ is, detail }) => [is, /lacks ([a-z_]+)|(check runs)/.exec(detail)?.[0]]),
  ).toEqual([
    ["ok", undefined],
    ["missing", "lacks actions"],
    ["note", "check runs"],
    ["missing", "lacks statuses"],
  ]);
});

test("an App names each permission that is missing", async () => {
  await using github = await startGitHub();
  await github.createRepository("acme/shop");
  const app = github.createApp({
    slug: "ampx",
    permissions: {
      contents: "write",
      pull_requests: "write",
      actions: "read",
      checks: "read",
      metadata: "read",
    },
  });
  const env = { AMPX_GITHUB_APP_ID: String(app.appId), AMPX_GITHUB_PRIVATE_KEY: app.privateKey };
  expect(await examine(github, env)).toMatchObject([
    { is: "missing", detail: expect.stringMatching(/not installed on acme\/shop/) },
  ]);
  const installation = app.install("acme");
  expect((await examine(github, env)).map(({ is, detail }) => `${is}: ${detail}`)).toEqual([
    "ok: App ampx on acme/shop",
    "missing: it lacks actions: write, which it needs to read CI and its logs, re-run and cancel it",
    "missing: it lacks statuses: read, which it needs to see commit statuses",
    "note: it lacks workflows: write, which it needs to push changes of .github/workflows",
    "note: it lacks issues: write, which it needs for tasks that begin with an issue, and for commands there",
  ]);
  app.suspend(installation);
  expect(await examine(github, env)).toMatchObject([
    { is: "missing", detail: expect.stringMatching(/suspended/) },
  ]);
});

test("a revoked token, an unknown key and nobody at all are said to be so", async () => {
  await using github = await startGitHub();
  const token = github.createToken({ login: "acme" });
  github.revokeToken(token);
  expect(await examine(github, { GH_TOKEN: token }, null)).toMatchObject([
    { is: "missing", detail: expect.stringContaining("does not know the token") },
  ]);
  const other = github.createApp({ permissions: {} });
  const mine = github.createApp({ permissions: {} });
  const env = { AMPX_GITHUB_APP_ID: String(mine.appId), AMPX_GITHUB_PRIVATE_KEY: other.privateKey };
  expect(await examine(github, env, null)).toMatchObject([
    { is: "missing", detail: expect.stringContaining(`does not take App ${mine.appId}`) },
  ]);
  expect(await examine(github, {}, null)).toMatchObject([
    { is: "note", detail: expect.stringContaining("no token") },
  ]);
});

import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { loadConfig } from "@ampx/core";
import { gitWorkspace } from "@ampx/worker/git/index";
import { connectGitHub, gitHubAddressOf, gitHubPlace } from "@ampx/worker/github/index";
import { afterEach, expect, test, vi } from "vitest";
import { startGitHub } from "../../github/github.ts";

afterEach(() => void vi.unstubAllEnvs());

const { signal } = new AbortController();
const clock = { now: Date.now, awake: () => performance.now(), sleep: async () => {} };
const run = promisify(execFile);

test("an ssh address without a token is fetched from and pushed to by ssh, with the person's own key; tags stay here", async () => {
  await using github = await startGitHub();
  const repository = await github.createRepository("acme/shop", { files: { answer: "0\n" } });
  // Without a token only what is public can be looked at.
  repository.setPrivate(false);
  await using root = await folder();
  const log = join(root.path, "ssh.log");
  const bin = join(root.path, "bin");
  await mkdir(bin);
  const ssh = `#!/bin/sh
printf '%s\\n' "$*" >> '${log}'
for command; do :; done
exec git "$(expr "$command" : 'git-\\([a-z-]*\\)')" '${repository.folder}'
`;
  await writeFile(join(bin, "ssh"), ssh, { mode: 0o755 });
  vi.stubEnv("PATH", `${bin}:${process.env["PATH"]}`);

  const { config } = loadConfig({ env: { AMPX_GITHUB_URL: github.url } });
  const nobody = { PATH: "/nonexistent" };
  const connected = await connectGitHub({ config: config.github, env: nobody, clock }, signal);
  const address = gitHubAddressOf(
    `git@${new URL(github.url).hostname}:acme/shop.git`,
    config.github,
  );
  if (address === null) throw new Error("it is an address there");
  const of = { address, base: "HEAD", home: root.path, identity: config.git };
  const place = await gitHubPlace(connected, of, signal);
  const workspace = gitWorkspace({
    home: root.path,
    repository: place.repository,
    taskId: "01ARZ3NDEKTSV4RRFFQ69G5F00",
    base: place.base,
    branch: "amp/answer",
    pushed: null,
    identity: config.git,
    mark: "a test",
    credentials: place.credentials,
  });
  const { path } = await workspace.prepare(signal);
  await writeFile(join(path, "answer"), "42\n");
  const { head } = await workspace.commit({ subject: "Answer", trailers: [] }, signal);
  // Even one that the agent has annotated, which `push.followTags` would take along.
  await run("git", ["tag", "-a", "-m", "mine", "v1"], {
    cwd: path,
    env: { ...process.env, GIT_COMMITTER_NAME: "a", GIT_COMMITTER_EMAIL: "a@example.org" },
  });

  expect(await workspace.push(head, null, signal)).toEqual({ is: "pushed" });
  expect(await repository.sha("amp/answer")).toBe(head);
  expect((await run("git", ["tag"], { cwd: repository.folder })).stdout).toBe("");
  const calls = (await readFile(log, "utf8")).trim().split("\n");
  const host = new URL(github.url).hostname;
  expect(
    calls.every((call) => call.includes(`BatchMode=yes`) && call.includes(`git@${host}`)),
  ).toBe(true);
  expect(calls.filter((call) => call.endsWith("git-receive-pack '/acme/shop.git'"))).toHaveLength(
    1,
  );
  expect(github.requests().filter(({ kind }) => kind === "git")).toEqual([]);
});

async function folder(): Promise<AsyncDisposable & { path: string }> {
  const path = await realpath(await mkdtemp(join(tmpdir(), "ampx ssh ")));
  return {
    path,
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 5 }),
  };
}

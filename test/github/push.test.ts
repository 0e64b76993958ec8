import { expect, test } from "vitest";
import { asking } from "./asking.ts";
import { cloneOf } from "./clone.ts";
import { startGitHub } from "./github.ts";
import { ci } from "./workflows.ts";

const workflow = ".github/workflows/ci.yml";

test("a push with a token makes a run of the workflow for exactly that commit", async () => {
  await using github = await startGitHub();
  const repository = await github.createRepository("acme/shop", { files: { [workflow]: ci } });
  const token = github.createToken({ login: "acme" });
  await using clone = await cloneOf(repository.cloneUrl, token);
  await clone.git("checkout", "-q", "-b", "amp/fix");
  const sha = await clone.commit({ "a.txt": "a" });

  const pushed = await clone.git("push", "-q", "origin", "amp/fix");

  expect(pushed).toMatchObject({ failed: false });
  expect(await repository.sha("amp/fix")).toBe(sha);
  const ask = asking(github, token);
  const { body } = await ask(`GET /repos/acme/shop/actions/runs?head_sha=${sha}`);
  expect(body.total_count).toBe(1);
  expect(body.workflow_runs?.[0]).toMatchObject({
    head_sha: sha,
    head_branch: "amp/fix",
    event: "push",
    status: "completed",
    conclusion: "success",
    run_attempt: 1,
  });
});

test.each([
  ["no token", ""],
  ["an unknown token", "ghp_wrong"],
])("%s reads nothing of a private repository", async (_, token) => {
  await using github = await startGitHub();
  const repository = await github.createRepository("acme/shop");

  await expect(cloneOf(repository.cloneUrl, token)).rejects.toThrow("could not read Username");
});

test("a token that may only read is refused at a push, which changes nothing", async () => {
  await using github = await startGitHub();
  const repository = await github.createRepository("acme/shop");
  const token = github.createToken({
    login: "acme",
    kind: "fine-grained",
    permissions: { contents: "read" },
  });
  await using clone = await cloneOf(repository.cloneUrl, token);
  await clone.commit({ "a.txt": "a" });

  const pushed = await clone.git("push", "origin", "HEAD:refs/heads/new");

  expect(pushed.stderr).toContain("The requested URL returned error: 403");
  expect(await repository.branches()).toEqual(["main"]);
});

test("an app without the permission for workflows cannot push one, and can push all else", async () => {
  await using github = await startGitHub();
  const repository = await github.createRepository("acme/shop", { files: { [workflow]: ci } });
  const token = github.createToken({
    login: "acme",
    kind: "fine-grained",
    permissions: { contents: "write" },
  });
  await using clone = await cloneOf(repository.cloneUrl, token);
  await clone.commit({ "a.txt": "a" });
  const fine = await clone.git("push", "origin", "HEAD:refs/heads/fine");
  await clone.commit({ [workflow]: `${ci}# more\n` });

  const refused = await clone.git("push", "origin", "HEAD:refs/heads/refused");

  expect(fine).toMatchObject({ failed: false });
  expect(refused.stderr).toContain(
    `refused (refusing to allow a GitHub App to create or update workflow \`${workflow}\` without \`workflows\` permission)`,
  );
  expect(await repository.branches()).toEqual(["fine", "main"]);
});

test("a push that is no fast forward is refused, unless it is forced with the right lease", async () => {
  await using github = await startGitHub();
  const repository = await github.createRepository("acme/shop");
  await using clone = await cloneOf(repository.cloneUrl, github.createToken({ login: "acme" }));
  const theirs = await repository.commit("main", { "b.txt": "b" });
  await clone.commit({ "a.txt": "a" });

  const plain = await clone.git("push", "origin", "main");
  const stale = await clone.git("push", "--force-with-lease=main", "origin", "main");
  const leased = await clone.git("push", `--force-with-lease=main:${theirs}`, "origin", "main");

  expect(plain.stderr).toContain("rejected");
  expect(stale.stderr).toContain("stale info");
  expect(leased).toMatchObject({ failed: false });
});

test("a renamed repository leads git on to its new name", async () => {
  await using github = await startGitHub();
  const repository = await github.createRepository("acme/shop");
  const { cloneUrl: oldUrl } = repository;
  repository.rename("store");
  await using clone = await cloneOf(oldUrl, github.createToken({ login: "acme" }));
  const sha = await clone.commit({ "a.txt": "a" });

  const pushed = await clone.git("push", "origin", "main");

  expect(pushed).toMatchObject({ failed: false });
  expect(await repository.sha("main")).toBe(sha);
  expect(github.requests()[0]).toMatchObject({ path: "/acme/shop.git/info/refs", status: 301 });
});

test("a push can fail before or after it has had its effect", async () => {
  await using github = await startGitHub();
  const repository = await github.createRepository("acme/shop");
  await using clone = await cloneOf(repository.cloneUrl, github.createToken({ login: "acme" }));
  const base = await repository.sha("main");
  const sha = await clone.commit({ "a.txt": "a" });
  const path = /receive-pack$/;
  const seen = [];

  for (const afterEffect of [false, true]) {
    github.fail({ method: "POST", path }, { status: 502, afterEffect });
    const { failed } = await clone.git("push", "origin", "main");
    seen.push({ failed, main: await repository.sha("main") });
  }

  expect(seen).toEqual([
    { failed: true, main: base },
    { failed: true, main: sha },
  ]);
});

test("a protected branch takes no push, while others do", async () => {
  await using github = await startGitHub();
  const repository = await github.createRepository("acme/shop");
  repository.protect("main", { pullRequestsOnly: true });
  await using clone = await cloneOf(repository.cloneUrl, github.createToken({ login: "acme" }));
  await clone.commit({ "a.txt": "a" });

  const { stderr } = await clone.git("push", "origin", "main", "main:refs/heads/other");

  expect(stderr).toContain("main -> main (protected branch hook declined)");
  expect(await repository.branches()).toEqual(["main", "other"]);
});

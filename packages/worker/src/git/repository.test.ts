import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { UserError } from "@ampx/core";
import { expect, test } from "vitest";
import { makeRepository, type RepositoryFixture } from "./fixture.ts";
import { resolveRepository } from "./repository.ts";
import { resolveBase, resolveBranch } from "./resolve-branch.ts";
import { taskOn } from "./workspace-fixture.ts";

test("a bare repository is itself the remote", async () => {
  await using repo = await makeRepository();
  expect(await resolveRepository("project.git", { cwd: repo.root })).toEqual({
    kind: "bare",
    url: repo.path,
    gitDir: repo.path,
    objectFormat: "sha1",
    defaultBranch: "main",
    branches: ["main"],
  });
});

test("a clone is the remote, by any path into it", async () => {
  await using repo = await makeRepository({
    kind: "clone",
    files: { "src/a.ts": "" },
    name: "prüf ling",
  });
  await symlink(repo.path, join(repo.root, "link"));
  await repo.git(["worktree", "add", "-q", "../second", "-b", "second"]);
  const expected = {
    kind: "clone",
    url: repo.path,
    gitDir: join(repo.path, ".git"),
    defaultBranch: "main",
  };
  for (const input of [
    repo.path,
    join(repo.path, "src"),
    join(repo.path, ".git"),
    "link",
    "link/src",
    pathToFileURL(repo.path).href,
    "second",
  ]) {
    expect(await resolveRepository(input, { cwd: repo.root }), input).toMatchObject(expected);
  }
});

test("a bare repository with worktrees of its own is meant from within them", async () => {
  await using repo = await makeRepository();
  await repo.git(["worktree", "add", "-q", "../second", "main"]);
  expect(await resolveRepository("second", { cwd: repo.root })).toMatchObject({
    kind: "bare",
    url: repo.path,
  });
});

test("a submodule is a repository of its own", async () => {
  await using repo = await makeRepository({ kind: "clone" });
  await using other = await makeRepository({ kind: "clone" });
  await repo.git([
    "-c",
    "protocol.file.allow=always",
    "submodule",
    "--quiet",
    "add",
    other.path,
    "vendor",
  ]);
  const found = await resolveRepository("vendor", { cwd: repo.path });
  expect(found).toMatchObject({
    kind: "clone",
    url: join(repo.path, "vendor"),
    gitDir: join(repo.path, ".git/modules/vendor"),
  });
});

test("knows SHA-256 repositories", async () => {
  await using repo = await makeRepository({ files: null });
  await rm(repo.path, { recursive: true });
  await repo.git(["init", "-q", "--object-format=sha256", "-b", "main", repo.path], repo.root);
  await repo.git(["commit", "-q", "--allow-empty", "-m", "First"]);
  expect(await resolveRepository(repo.path, { cwd: "/" })).toMatchObject({
    objectFormat: "sha256",
  });
});

test("takes the branch that HEAD names for the default, else the only one, main or master", async () => {
  await using repo = await makeRepository({ kind: "clone" });
  const defaultBranch = async () =>
    (await resolveRepository(repo.path, { cwd: "/" })).defaultBranch;
  await repo.git(["checkout", "-q", "-b", "develop"]);
  expect(await defaultBranch()).toBe("develop");
  await repo.git(["checkout", "-q", "--detach"]);
  expect(await defaultBranch()).toBe("main");
  await repo.git(["branch", "-q", "-m", "main", "trunk"]);
  expect(await defaultBranch()).toBeNull();
  await repo.git(["branch", "-q", "-D", "develop"]);
  expect(await defaultBranch()).toBe("trunk");
});

const wrong: [
  name: string,
  make: (repo: RepositoryFixture) => unknown,
  input: string,
  message: RegExp,
][] = [
  ["a path that is not there", () => null, "nothing here", /nothing here does not exist/],
  [
    "a name that looks like an option",
    () => null,
    "--upload-pack=x",
    /--upload-pack=x does not exist/,
  ],
  ["a file", (repo) => writeFile(join(repo.root, "file"), ""), "file", /is a file/],
  [
    "a folder without a repository",
    (repo) => mkdir(join(repo.root, "plain")),
    "plain",
    /is not a git repository/,
  ],
  [
    "a URL on another machine",
    () => null,
    "https://me:sekret@example.org/r.git",
    /https:\/\/\*\*\*@example\.org\/r\.git is on another machine/,
  ],
  ["an ssh address", () => null, "git@example.org:o/r.git", /is on another machine/],
  ["a file URL with a host", () => null, "file://host/x", /not the URL of a local folder/],
  [
    "a repository without commits",
    (repo) => repo.git(["init", "-q", "empty"], repo.root),
    "empty",
    /empty has no commits/,
  ],
  [
    "a clone of a GitHub repository",
    (repo) =>
      repo
        .git(["clone", "-q", repo.path, "ours"], repo.root)
        .then(() =>
          repo.git(
            ["config", "remote.origin.url", "https://u:sekret@github.com/o/r"],
            join(repo.root, "ours"),
          ),
        ),
    "ours",
    /is a clone of https:\/\/\*\*\*@github\.com\/o\/r, which is not on the GitHub that this server works with/,
  ],
];

test.for(wrong)("refuses %s", async ([, make, input, message]) => {
  await using repo = await makeRepository();
  await make(repo);
  const error = await resolveRepository(input, { cwd: repo.root }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({
    message: expect.stringMatching(message),
    tryThis: expect.any(String),
  });
  expect(JSON.stringify(error) + String(error)).not.toContain("sekret");
});

test("refuses ampx's own worktrees and copies", async () => {
  await using repo = await makeRepository();
  const task = await taskOn(repo);
  await task.workspace.prepare(task.signal);
  for (const input of [task.path, task.copyDir]) {
    await expect(resolveRepository(input, { cwd: "/" })).rejects.toThrow("belongs to ampx itself");
  }
});

test("a base that is missing or unclear is told with what there is", async () => {
  await using repo = await makeRepository();
  const repository = await resolveRepository(repo.path, { cwd: "/" });
  expect(resolveBase(repository)).toBe("main");
  expect(resolveBase(repository, "refs/heads/main")).toBe("main");
  expect(() => resolveBase(repository, "dev")).toThrow(
    expect.objectContaining({ kind: "not_found", tryThis: "--base main" }),
  );
  expect(() => resolveBase({ ...repository, defaultBranch: null, branches: ["a", "b"] })).toThrow(
    expect.objectContaining({ tryThis: "name it: --base a | b" }),
  );
});

test("a branch must have a valid name that nobody uses", async () => {
  const repository = { url: "/r", branches: ["main", "amp"] };
  expect(resolveBranch(repository, "main", "fix/ü")).toBe("fix/ü");
  for (const [name, message] of [
    ["a b", "Not a branch name"],
    ["main", "exists already"],
    ["amp/x", 'cannot stand beside "amp"'],
    ["-x", "begins with a dash"],
  ] as const) {
    expect(() => resolveBranch(repository, "main", name), name).toThrow(message);
  }
  expect(() => resolveBranch({ url: "/r", branches: ["a/b"] }, "main", "a")).toThrow(
    "cannot stand beside",
  );
});

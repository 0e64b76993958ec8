import { execa } from "execa";
import { expect, test } from "vitest";
import { branchName } from "./branch-name.ts";

const names = [
  "main",
  "amp/fix-login-abc123",
  "ünïcödé/ветка",
  "a@b",
  "a.b",
  "x/y/z",
  "a,b;c&d$(e)'\"",
  "-x",
  "--force",
  "a b",
  "a..b",
  ".a",
  "a/.b",
  "a.lock",
  "a.lock/b",
  "a/",
  "/a",
  "a//b",
  "a.",
  "a@{1}",
  "a~1",
  "a^",
  "a:b",
  "a?",
  "a*",
  "a[b",
  "a\\b",
  "a\tb",
  "a\nb",
  "a\u007f",
  "HEAD",
  "",
];

test.for(names)("judges %j as git does", async (name) => {
  const git = await execa("git", ["check-ref-format", "--branch", name], {
    reject: false,
    cwd: "/",
  });
  const judged = () => branchName(name);
  if (git.exitCode === 0) expect(judged()).toBe(name);
  else expect(judged).toThrow("Not a branch name");
});

test("refuses @, which git takes for HEAD", () => {
  expect(() => branchName("@")).toThrow("is reserved");
});

test("refuses names that do not fit into a file name", () => {
  expect(() => branchName("x".repeat(201))).toThrow("longer than 200 bytes");
});

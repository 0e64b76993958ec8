import { expect, test } from "vitest";
import { isGitHub, isRemote } from "./remote-url.ts";

test.for([
  "git@github.com:o/r.git",
  "github.com:o/r",
  "https://github.com/o/r",
  "https://user:token@GitHub.com/o/r.git",
  "ssh://git@ssh.github.com:443/o/r.git",
  "git://github.com/o/r",
  "https://corp.ghe.com/o/r",
])("%s is on GitHub", (address) => {
  expect(isGitHub(address)).toBe(true);
});

test.for([
  "",
  "/srv/github.com/o/r.git",
  "https://gitlab.com/github.com/r",
  "git@notgithub.com:o/r",
  "../github.com/r",
  "https://github.com.evil.org/o/r",
])("%j is not on GitHub", (address) => {
  expect(isGitHub(address)).toBe(false);
});

test("tells addresses on other machines from paths", () => {
  expect(["https://h/r", "ssh://h/r", "me@h:r", "h:r"].filter(isRemote)).toHaveLength(4);
  expect(["/a/b:c", "./h:r", "a/b", "project"].filter(isRemote)).toEqual([]);
});

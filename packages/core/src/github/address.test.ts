import { expect, test } from "vitest";
import { parseGitHubAddress, repositoryKey } from "./address.ts";

const shop = { owner: "acme", name: "shop" };

test.each([
  ["acme/shop", "name"],
  ["https://github.com/acme/shop", "https"],
  ["https://github.com/acme/shop.git", "https"],
  ["https://github.com/acme/shop/", "https"],
  ["https://kim:secret@GitHub.com/acme/shop.git", "https"],
  ["git@github.com:acme/shop.git", "ssh"],
  ["github.com:acme/shop", "ssh"],
  ["ssh://git@github.com/acme/shop.git", "ssh"],
  ["ssh://git@ssh.github.com:443/acme/shop.git", "ssh"],
])("%s is a repository on github.com", (text, over) => {
  expect(parseGitHubAddress(text, "https://github.com")).toEqual({ ...shop, over });
});

test.each([
  "https://gitlab.com/acme/shop",
  "https://github.com.evil.test/acme/shop",
  "git@notgithub.com:acme/shop.git",
  "https://github.com/acme",
  "https://github.com/acme/shop/tree/main",
  "../shop",
  "acme/..",
  "-x/shop",
  "file:///acme/shop",
  "acme/shop/more",
])("%s is none", (text) => {
  expect(parseGitHubAddress(text, "https://github.com")).toBeNull();
});

test("an Enterprise Server has its own addresses", () => {
  expect(
    parseGitHubAddress("https://git.acme.test:8443/acme/shop", "https://git.acme.test:8443"),
  ).toEqual({ ...shop, over: "https" });
  expect(
    parseGitHubAddress("git@git.acme.test:acme/shop.git", "https://git.acme.test:8443"),
  ).toEqual({ ...shop, over: "ssh" });
  expect(parseGitHubAddress("https://github.com/acme/shop", "https://git.acme.test")).toBeNull();
});

test("a repository has one key, whatever the way and the case it is written in", () => {
  for (const text of ["https://github.com/Acme/shop.git", "git@github.com:acme/Shop.git"]) {
    const address = parseGitHubAddress(text, "https://github.com")!;
    expect(repositoryKey("https://GitHub.com", address)).toBe("github.com/acme/shop");
  }
  expect(repositoryKey("http://127.0.0.1:4000", shop)).toBe("127.0.0.1:4000/acme/shop");
});

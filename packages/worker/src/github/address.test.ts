import { expect, test } from "vitest";
import { parseGitHubAddress } from "./address.ts";
import { gitHubHost } from "./hosts.ts";

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
  expect(gitHubHost("https://git.acme.test/").api).toBe("https://git.acme.test/api/v3");
  expect(gitHubHost("https://github.com").api).toBe("https://api.github.com");
  expect(gitHubHost("https://acme.ghe.com").graphql).toBe("https://api.acme.ghe.com/graphql");
});

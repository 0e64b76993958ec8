import { expect, test } from "vitest";
import { issueUrl } from "./issue-url.ts";

test.each([
  ["https://github.com/acme/shop.git", "https://github.com/acme/shop/issues/3"],
  ["https://git.acme.test/acme/shop", "https://git.acme.test/acme/shop/issues/3"],
  ["ssh://git@github.com/acme/shop.git", "https://github.com/acme/shop/issues/3"],
])("an issue of %s is at %s", (repo, url) => {
  expect(issueUrl(repo, 3)).toBe(url);
});

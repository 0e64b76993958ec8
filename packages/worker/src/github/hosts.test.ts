import { expect, test } from "vitest";
import { gitHubHost } from "./hosts.ts";

test("github.com, a tenant of it and an Enterprise Server have their APIs at different places", () => {
  expect(gitHubHost("https://git.acme.test/").api).toBe("https://git.acme.test/api/v3");
  expect(gitHubHost("https://github.com").api).toBe("https://api.github.com");
  expect(gitHubHost("https://acme.ghe.com").graphql).toBe("https://api.acme.ghe.com/graphql");
});

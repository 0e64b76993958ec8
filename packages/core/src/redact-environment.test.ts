import { describe, expect, test } from "vitest";
import { isSecretName, secretValues } from "./redact-environment.ts";

describe("isSecretName", () => {
  test.each([
    "AMP_API_KEY",
    "ANTHROPIC_API_KEY",
    "GITHUB_TOKEN",
    "GH_PAT",
    "NPM_TOKEN",
    "PGPASSWORD",
    "DB_PASSWORD",
    "CLIENT_SECRET",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_ACCESS_KEY_ID",
    "npm_config__authToken",
    "//registry.npmjs.org/:_authToken",
    "OPENAI_APIKEY",
    "SIGNING_KEY_PASSPHRASE",
    "SERVICE_CREDENTIALS",
  ])("%s is one", (name) => {
    expect(isSecretName(name)).toBe(true);
  });

  test.each([
    "PATH",
    "HOME",
    "KEYBOARD",
    "MONKEY",
    "TOKENIZERS_PARALLELISM",
    "SSH_AUTH_SOCK",
    "SSH_KEY_PATH",
    "TOKEN_FILE",
    "COMPAT",
    "",
  ])("%s is none", (name) => {
    expect(isSecretName(name)).toBe(false);
  });
});

describe("secretValues", () => {
  test("takes the values of secret names, of added names, and passwords in URLs", () => {
    const env = {
      HOME: "/home/me",
      AMP_API_KEY: "one",
      MY_PIN: "1234",
      DATABASE_URL: "postgres://app:two@db/x",
      MAX_TOKENS: "100000",
      SAVE_PASSWORD: "false",
      EMPTY_TOKEN: "",
      GONE_TOKEN: undefined,
    };
    expect(secretValues(env, ["MY_PIN"])).toEqual(["one", "1234", "two"]);
    expect(secretValues(env)).toEqual(["one", "two"]);
  });
});

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runnerSecrets } from "./runner-secrets.ts";

const env = { MY_TOKEN: "token-of-the-environment", PHRASE: "correct horse battery" };

test.each([
  ["secret_env: [PHRASE]", [env.MY_TOKEN, env.PHRASE]],
  ["secret_env: [PHRASE, 7]\nslots: none\nunknown: key", [env.MY_TOKEN, env.PHRASE]],
  ["secret_env: PHRASE", [env.MY_TOKEN]],
  ["secret_env: [PHRASE", [env.MY_TOKEN, env.PHRASE]],
  ["\0", [env.MY_TOKEN]],
  ["", [env.MY_TOKEN]],
])("what a config calls secret is, whatever else it says: %j", async (config, secrets) => {
  const home = await mkdtemp(join(tmpdir(), "ampx-secrets-"));
  await using scope = new AsyncDisposableStack();
  scope.defer(() => rm(home, { recursive: true }));
  await writeFile(join(home, "config.yaml"), config);
  await writeFile(join(home, "token"), "token-of-the-api\n");
  const found = await runnerSecrets({ ...env, AMPX_HOME: home });
  expect(found.toSorted()).toEqual([...secrets, "token-of-the-api"].toSorted());
});

test("without a home there are those of the environment", async () => {
  expect(await runnerSecrets({ ...env, AMPX_HOME: "/nowhere/at/all" })).toEqual([env.MY_TOKEN]);
});

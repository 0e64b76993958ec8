import { readFile } from "node:fs/promises";
import { createRedactor, homePaths, secretValues } from "@ampx/core";
import { openStore } from "@ampx/store";
import { runWorker, type Repository } from "@ampx/worker";
import { keepCompiled } from "./keep-compiled.ts";
import { programOptions } from "./program-options.ts";
import { readConfig, readProjectConfig } from "./server-config.ts";
import { runSupervised } from "./supervised.ts";

// The worker's process: the only one that has the agents' keys.
await runSupervised(async (signal) => {
  const { home } = programOptions(process.argv.slice(2));
  const paths = homePaths(home);
  const config = await readConfig(process.env);
  const token = (await readFile(paths.token, "utf8")).trim();
  const redact = createRedactor([token, ...secretValues(process.env, config.secret_env)]);
  await using store = await openStore({ file: paths.database, redact });
  keepCompiled();
  const configOf = (repository: Repository, base: string) =>
    readProjectConfig(process.env, repository, base);
  await runWorker({ home, config, configOf, env: process.env, store, redact }, signal);
});

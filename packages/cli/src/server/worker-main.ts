import { readFile } from "node:fs/promises";
import { createRedactor, homePaths, secretValues } from "@ampx/core";
import { openStore } from "@ampx/store";
import { runWorker, type Repository } from "@ampx/worker";
import { keepCompiled } from "./keep-compiled.ts";
import { programOptions } from "./program-options.ts";
import { readConfig, readPreamble, readProjectConfig } from "./server-config.ts";
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
  const projectOf = async (repository: Repository, base: string) => ({
    config: await readProjectConfig(process.env, repository, base),
    preamble: await readPreamble(repository, base),
  });
  await runWorker({ home, config, projectOf, env: process.env, store, redact }, signal);
});

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ApiDeps, containsDigestedSecret, newTaskId, startApi } from "@ampx/api";
import { createRedactor, findSecret, homePaths, taskDefaults, UserError } from "@ampx/core";
import { openStore, scheduleRules } from "@ampx/store";
import { userName } from "../user-name.ts";
import { webhookSecretName } from "./child-environment.ts";
import { findRepository } from "./find-repository.ts";
import { keepCompiled } from "./keep-compiled.ts";
import { programOptions } from "./program-options.ts";
import { readConfig } from "./server-config.ts";
import { runSupervised } from "./supervised.ts";
import { watchProjects } from "./watch-projects.ts";

// The API's process: what it works with is chosen here.
await runSupervised(async (signal, tell) => {
  const { home, version, port, exactPort, starting } = programOptions(process.argv.slice(2));
  const paths = homePaths(home);
  const config = await readConfig(process.env);
  const token = (await readFile(paths.token, "utf8")).trim();
  const webhookSecret = process.env[webhookSecretName]?.trim() || null;
  const redact = createRedactor([token, ...(webhookSecret === null ? [] : [webhookSecret])]);
  await using store = await openStore({ file: paths.database, redact });
  const digests = process.env["AMPX_SECRET_DIGESTS"] ?? "";
  const deps: ApiDeps = {
    store,
    token,
    now: Date.now,
    newId: newTaskId,
    version,
    home,
    user: userName(process.env),
    repositories: findRepository(home, process.env),
    defaults: taskDefaults(config),
    schedule: { rules: scheduleRules(config), slots: config.slots },
    dayCaps: { usd: config.max_usd_per_day ?? null, tokens: config.max_tokens_per_day ?? null },
    githubUrl: config.github.url,
    webhookSecret,
    leakedSecret: (text) =>
      digests !== "" && containsDigestedSecret(digests, text)
        ? { kind: "known value" }
        : findSecret(text, [token]),
    logFiles: (id) => filesIn(join(paths.logs, id)),
    logger: {
      info: (message) => console.log(message),
      error: (message, error) => console.error(message, error),
    },
  };
  // A pause for a restart, as of a drain, ends with that restart, and not because a part of the server came up again.
  if (starting && (await store.resume({ untilRestart: true })) > 0)
    console.log("the pause until this start is over");
  const wanted = port ?? config.port;
  await using api = await startApi(deps, wanted);
  if (exactPort && wanted !== 0 && api.port !== wanted) {
    throw new UserError(`Port ${wanted} of 127.0.0.1 is taken`, {
      kind: "conflict",
      tryThis: `another one with --port, or no --port for the next free one (now ${api.port})`,
    });
  }
  tell({ is: "listening", url: api.url });
  keepCompiled();
  await watchProjects(deps, config.tickets.scan_seconds * 1_000, signal);
});

async function filesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  });
  return names
    .toSorted((a, b) => a.localeCompare(b, undefined, { numeric: true }))
    .map((name) => join(folder, name));
}

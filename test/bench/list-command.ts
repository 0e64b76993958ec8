import { spawnSync } from "node:child_process";
import { userInfo } from "node:os";
import { compare } from "./compare.ts";
import { makeEmptyCommand } from "./empty-command.ts";
import type { Figure } from "./figure.ts";
import { seedTasks } from "./seed-tasks.ts";
import { ampxProgram, serveHome } from "./served-home.ts";

const tasks = 10_000;

/** How long a person waits for their list. */
export const listCommand: Figure = {
  name: "list-command",
  async run(folder, signal) {
    const empty = await makeEmptyCommand(folder);
    await using served = await serveHome(folder, signal, {
      fill: (store, database) => seedTasks(store, database, tasks, userInfo().username),
    });
    const run = (args: string[], expected: string) => () => {
      signal.throwIfAborted();
      const startedAt = performance.now();
      const { status, stdout, stderr } = spawnSync(process.execPath, args, {
        cwd: folder,
        env: served.env,
        encoding: "utf8",
      });
      const ms = performance.now() - startedAt;
      if (status !== 0 || !stdout.includes(expected))
        throw new Error(`${args.join(" ")}: ${status} ${stdout} ${stderr}`);
      return Promise.resolve(ms);
    };
    const sides = {
      measured: run([ampxProgram, "ls"], `50 of ${tasks} tasks`),
      baseline: run([empty, "empty"], "empty"),
    };
    // The first runs fill the caches of compiled code.
    for (let warm = 0; warm < 3; warm++) {
      await sides.baseline();
      await sides.measured();
    }
    return [
      await compare(
        {
          what: `ampx ls with ${tasks.toLocaleString("en")} tasks`,
          unit: "ms",
          baseline: "an empty oclif command",
          target: { is: "ratio", of: "median", atMost: 1.3 },
        },
        21,
        sides,
      ),
    ];
  },
};

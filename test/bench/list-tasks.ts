import { join } from "node:path";
import { compare } from "./compare.ts";
import type { Figure } from "./figure.ts";
import { seedTasks } from "./seed-tasks.ts";
import { serveHome, type ServedHome } from "./served-home.ts";

const few = 100;
const many = 100_000;

/** Lists must not become slower with the years. */
export const listTasks: Figure = {
  name: "list-tasks",
  async run(folder, signal) {
    const serve = (count: number) =>
      serveHome(join(folder, String(count)), signal, {
        fill: (store, database) => seedTasks(store, database, count, "ada"),
      });
    await using small = await serve(few);
    await using large = await serve(many);
    const findings = [];
    for (const path of paths) {
      const get = (home: ServedHome) => async () => {
        signal.throwIfAborted();
        const startedAt = performance.now();
        await home.api("GET", path);
        return performance.now() - startedAt;
      };
      for (let warm = 0; warm < 100; warm++) {
        await get(small)();
        await get(large)();
      }
      const finding = await compare(
        {
          what: `GET ${path} with ${many.toLocaleString("en")} tasks`,
          unit: "ms",
          baseline: `with ${few} tasks`,
          target: { is: "ratio", of: "p99", atMost: 3 },
        },
        500,
        { measured: get(large), baseline: get(small) },
      );
      findings.push(finding);
    }
    return findings;
  },
};

/** The plain list, and the filters that a command or a page asks for. */
const paths = [
  "/tasks",
  "/tasks?created_by=ada&limit=50",
  "/tasks?status=queued,running,retrying,needs_review",
  "/tasks?repo=%2Fsrv%2Fprojects%2Fshop%2Frepo.git&status=success",
];

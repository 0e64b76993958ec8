import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { agentAdapters } from "../../vitest.config.ts";

// The adapters of the agents, the real agents, and a real public project; all come from npm when they are first needed. `npm run test:agents`.
export default defineConfig({
  test: {
    root: join(import.meta.dirname, "../.."),
    include: ["test/agents/**/*.test.ts", ...agentAdapters],
    setupFiles: ["test/leaks.ts"],
    pool: "forks",
    maxWorkers: 2,
    maxConcurrency: 2,
    // A server, a dozen commands, an agent twice and CI three times, on a machine that may be busy with other things.
    testTimeout: 180_000,
    // The first run downloads.
    hookTimeout: 240_000,
    teardownTimeout: 10_000,
    allowOnly: process.env["CI"] === undefined,
  },
});

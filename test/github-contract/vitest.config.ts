import { join } from "node:path";
import { defineConfig } from "vitest/config";

// The GitHub of our tests: by itself, and against GitHub's own description and gh, which are downloaded when first needed. And what takes long of
// tasks on it. `npm run test:github`.
export default defineConfig({
  test: {
    root: join(import.meta.dirname, "../.."),
    include: [
      "test/github/**/*.test.ts",
      "test/github-contract/**/*.test.ts",
      "test/github-tasks/long/**/*.test.ts",
    ],
    setupFiles: ["test/leaks.ts"],
    pool: "forks",
    maxWorkers: 2,
    maxConcurrency: 4,
    testTimeout: 120_000,
    // The first run downloads.
    hookTimeout: 300_000,
    teardownTimeout: 10_000,
    allowOnly: process.env["CI"] === undefined,
  },
});

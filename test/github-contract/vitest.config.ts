import { join } from "node:path";
import { defineConfig } from "vitest/config";

// The GitHub of our tests against GitHub's own description, and against gh; both are downloaded when first needed.
// `npm run test:github`.
export default defineConfig({
  test: {
    root: join(import.meta.dirname, "../.."),
    include: ["test/github-contract/**/*.test.ts"],
    setupFiles: ["test/leaks.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 120_000,
    // The first run downloads.
    hookTimeout: 300_000,
    teardownTimeout: 10_000,
    allowOnly: process.env["CI"] === undefined,
  },
});

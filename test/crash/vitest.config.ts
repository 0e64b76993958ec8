import { join } from "node:path";
import { defineConfig } from "vitest/config";

// The full matrix: a worker is killed around every effect and every append, all processes of a server at any moment, git in the middle of its
// work; and the disk is full. `npm run test:crash`.
export default defineConfig({
  test: {
    root: join(import.meta.dirname, "../.."),
    include: ["test/crash/**/*.test.ts", "packages/*/src/**/crash.test.ts"],
    setupFiles: ["test/leaks.ts"],
    pool: "forks",
    maxConcurrency: 3,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    allowOnly: process.env["CI"] === undefined,
  },
});

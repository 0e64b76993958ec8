import { defineConfig } from "vitest/config";

/** What is said of each agent's program is long, and of one kind: it is tested where the programs themselves are. */
export const agentAdapters = [
  "packages/worker/src/agents/{acp,amp,claude,claude-talk,codex,gemini,opencode}.test.ts",
];

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"],
    // Suites with a command of their own: `npm run test:crash`, `npm run test:agents`, `npm run test:github`.
    exclude: [
      "**/node_modules/**",
      "test/crash/**",
      "**/crash.test.ts",
      "test/agents/**",
      ...agentAdapters,
      "test/github/**",
      "test/github-contract/**",
      "test/github-tasks/long/**",
    ],
    setupFiles: ["test/leaks.ts"],
    // A process per file, so that what a file leaves behind is known to be its own.
    pool: "forks",
    isolate: true,
    maxWorkers: 2,
    maxConcurrency: 4,
    // Above what a crowded machine needs for a real git, a real process, a real server.
    testTimeout: 60_000,
    hookTimeout: 30_000,
    teardownTimeout: 10_000,
    unstubEnvs: true,
    allowOnly: process.env["CI"] === undefined,
  },
});

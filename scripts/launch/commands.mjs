/**
 * What `npm run <name>` runs. A `script` is run by Node, a `tool` is a program of node_modules/.bin; `steps` run one after
 * the other. `inUserFolder`: relative paths among the arguments mean the folder the person stands in.
 *
 * @typedef {{ title?: string, tool?: string, script?: string, args?: string[] }} Step
 * @typedef {Step & { inUserFolder?: boolean, steps?: Step[] }} Command
 *
 * @type {Record<string, Command>}
 */
export const commands = {
  ampx: { script: "packages/cli/bin/ampx.js", inUserFolder: true },
  demo: { script: "packages/cli/src/demo/main.ts", inUserFolder: true },
  bench: { script: "test/bench/main.ts" },
  soak: { script: "test/soak/main.ts" },
  test: { tool: "vitest", args: ["run"] },
  "test:crash": { tool: "vitest", args: ["run", "--config", "test/crash/vitest.config.ts"] },
  "test:agents": { tool: "vitest", args: ["run", "--config", "test/agents/vitest.config.ts"] },
  "test:github": {
    tool: "vitest",
    args: ["run", "--config", "test/github-contract/vitest.config.ts"],
  },
  format: { tool: "oxfmt" },
  check: {
    steps: [
      { title: "format", tool: "oxfmt", args: ["--check"] },
      { title: "lint and import directions", tool: "oxlint", args: ["--type-aware"] },
      { title: "types", tool: "tsc", args: ["-p", "."] },
      { title: "unused code and dependencies", tool: "knip" },
    ],
  },
};

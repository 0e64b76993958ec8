import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempDisposableSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const repo = fileURLToPath(new URL("../..", import.meta.url));

test("core reaches no clock, no chance, no process and no module but zod and yaml", () => {
  const found = lint({
    "packages/core/src/impure.ts": [
      `import { readFileSync } from "node:fs";`,
      `import type { Store } from "@ampx/store";`,
      `import { z } from "zod";`,
      `export const os = () => import("node:os");`,
      `export * from "../../store/src/index.ts";`,
      `export const dates = [Date.now(), new Date(), new Date(5)];`,
      `export const chance = Math.random();`,
      `export const pid = process.pid;`,
      `setTimeout(() => 0, 5);`,
      `console.log("x");`,
      `export const hidden = globalThis.process;`,
      `export { readFileSync, type Store, z };`,
    ],
  });

  expect(found).toEqual([
    "impure.ts:1 ampx(import-direction)",
    "impure.ts:2 ampx(import-direction)",
    "impure.ts:4 ampx(import-direction)",
    "impure.ts:5 ampx(import-direction)",
    "impure.ts:6 ampx(no-current-date)",
    "impure.ts:6 eslint(no-restricted-properties)",
    "impure.ts:7 eslint(no-restricted-properties)",
    "impure.ts:8 eslint(no-restricted-globals)",
    "impure.ts:9 eslint(no-restricted-globals)",
    "impure.ts:10 eslint(no-console)",
    "impure.ts:11 eslint(no-restricted-properties)",
  ]);
});

test.each([
  [
    "store",
    ["express", "@ampx/worker", "undici"],
    ["kysely", "better-sqlite3", "node:fs", "@ampx/core"],
  ],
  ["api", ["@ampx/worker", "ampx"], ["express", "@ampx/core", "@ampx/store"]],
  ["worker", ["@ampx/api", "ampx", "ampx/x"], ["execa", "@ampx/core", "@ampx/store"]],
  ["cli/src/commands", ["@ampx/api", "@ampx/store", "@ampx/worker"], ["@oclif/core", "@ampx/core"]],
])("%s may not import %j, and may import %j", (folder, forbidden, allowed) => {
  const path = `packages/${folder.includes("/") ? folder : `${folder}/src`}/x.ts`;
  const names = [...forbidden, ...allowed];

  const found = lint({
    [path]: names.map((name, index) => `export { x as x${index} } from "${name}";`),
  });

  expect(found).toEqual(forbidden.map((_, index) => `x.ts:${index + 1} ampx(import-direction)`));
});

/** What the repository's own configuration finds in these files, as `file:line rule` by line. */
function lint(files: Record<string, string[]>): string[] {
  using folder = mkdtempDisposableSync(join(tmpdir(), "lint-"));
  for (const name of [".oxlintrc.json", "scripts/lint"])
    cpSync(join(repo, name), join(folder.path, name), { recursive: true });
  symlinkSync(join(repo, "node_modules"), join(folder.path, "node_modules"));
  for (const [path, lines] of Object.entries(files)) {
    mkdirSync(dirname(join(folder.path, path)), { recursive: true });
    writeFileSync(join(folder.path, path), lines.join("\n"));
  }
  const run = spawnSync(join(repo, "node_modules/.bin/oxlint"), ["-f", "unix", "packages"], {
    cwd: folder.path,
    encoding: "utf8",
  });
  const findings = [...run.stdout.matchAll(/^.*\/(\S+):(\d+):\d+: .*\[Error\/(.*)\]$/gm)];
  return findings
    .map(([, file, line, rule]) => ({ line: Number(line), text: `${file}:${line} ${rule}` }))
    .toSorted((a, b) => a.line - b.line || a.text.localeCompare(b.text))
    .map(({ text }) => text);
}

import { expect, it } from "vitest";
import { fitsGlob } from "./glob.ts";

it.each([
  ["src/a.ts", "src/*.ts", true],
  ["src/b/a.ts", "src/*.ts", false],
  ["src/b/c/a.ts", "src/**/*.ts", true],
  ["src/a.ts", "src/**/*.ts", true],
  ["a/b/Dockerfile", "Dockerfile", true],
  ["a/b/x.sql", "*.sql", true],
  ["infra/prod/main.tf", "infra", true],
  ["infra/prod/main.tf", "/infra/", true],
  ["my/infra/x", "/infra/prod", false],
  ["a1.txt", "a?.txt", true],
  ["a12.txt", "a?.txt", false],
  ["anything/at/all", "**", true],
  ["a/b", "a/b/**", true],
  ["", "*", true],
])("%s fits %s: %s", (path, glob, fits) => {
  expect(fitsGlob(path, glob)).toBe(fits);
});

it("takes no longer for globs made to be slow", () => {
  const path = `${"a".repeat(2_000)}b/`.repeat(20);
  const started = performance.now();
  fitsGlob(path, `${"**/".repeat(50)}${"*a".repeat(50)}c`);
  expect(performance.now() - started).toBeLessThan(2_000);
});

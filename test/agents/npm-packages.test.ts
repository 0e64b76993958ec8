import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { npmPackages } from "./npm-packages.ts";

test("several at once get the same whole folder, and nothing half-made stays", async () => {
  await using cache = await temporaryFolder();
  const folders = await Promise.all(
    [1, 2, 3].map(() => npmPackages(["minimist@1.2.5"], { cache: cache.path })),
  );
  expect(new Set(folders)).toEqual(new Set([join(cache.path, "minimist@1.2.5")]));
  expect(await readdir(cache.path)).toEqual(["minimist@1.2.5"]);
  expect(await readdir(join(cache.path, "minimist@1.2.5/node_modules/minimist"))).toContain("test");
});

test("what is there is used without npm", async () => {
  await using cache = await temporaryFolder();
  const folder = await npmPackages(["minimist@1.2.5"], { cache: cache.path });
  const again = { cache: cache.path, env: { PATH: "/nowhere" } };
  expect(await npmPackages(["minimist@1.2.5"], again)).toBe(folder);
});

test("a failure names the step and what to try, and leaves nothing behind", async () => {
  await using cache = await temporaryFolder();
  const env = { npm_config_cache: join(cache.path, "npm"), npm_config_offline: "true" };
  await expect(npmPackages(["minimist@1.2.5"], { cache: cache.path, env })).rejects.toThrow(
    /^The set-up of this test failed at: npm install minimist@1\.2\.5 \(npm exited with 1\)\n[^]*ENOTCACHED[^]*\ntry: /,
  );
  expect((await readdir(cache.path)).filter((name) => name !== "npm")).toEqual([]);
});

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "ampx-npm-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

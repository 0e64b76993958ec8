import { appendFile, mkdtempDisposable, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { followFile, lastLines } from "./log-file.ts";

test("the newest lines of a log are told, also where it was begun anew a moment ago", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "log-"));
  const file = join(folder.path, "server.log");
  const last = async (count: number) => {
    const lines: string[] = [];
    await lastLines(file, count, (line) => lines.push(line));
    return lines;
  };
  expect(await last(10)).toEqual([]);
  await writeFile(`${file}.1`, "a\nb\n");
  await writeFile(file, "c\n\nd\nhalf a li");
  expect(await last(0)).toEqual([]);
  expect(await last(2)).toEqual(["", "d"]);
  expect(await last(10)).toEqual(["a", "b", "c", "", "d"]);
});

test("each line that comes is told once, across a new beginning of the log", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "log-"));
  const file = join(folder.path, "server.log");
  await writeFile(file, "before\n");
  const told: string[] = [];
  const stop = new AbortController();
  const from = await lastLines(file, 0, () => undefined);
  const following = followFile(file, from, (line) => told.push(line), stop.signal);
  await appendFile(file, "one\ntw");
  await vi.waitFor(() => expect(told).toEqual(["one"]), { timeout: 20_000 });
  await appendFile(file, "o\nthree\n");
  await rename(file, `${file}.1`);
  await writeFile(file, "4\n");
  await vi.waitFor(() => expect(told).toEqual(["one", "two", "three", "4"]), { timeout: 20_000 });
  stop.abort(new Error("enough"));
  await expect(following).rejects.toThrow("enough");
});

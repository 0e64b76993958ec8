import { once } from "node:events";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Call, GitHubClient } from "./client.ts";
import { standIn } from "./fixture.ts";
import { downloadJobLog } from "./job-logs.ts";

const call: Call = {
  repository: { owner: "acme", name: "shop" },
  signal: new AbortController().signal,
};

test("of a log that is too long its beginning and its end are kept", async () => {
  const part = Buffer.alloc(1024 * 1024, "x");
  await using blobs = await standIn(() => async (_request, response) => {
    response.write("where it began\n");
    for (let megabytes = 0; megabytes < 70; megabytes++)
      if (!response.write(part)) await once(response, "drain");
    response.end("\nwhere it broke\n");
  });
  const client: Pick<GitHubClient, "locate"> = {
    locate: async () => ({ is: "at", url: `${blobs.url}/blob` }),
  };
  const folder = await mkdtemp(join(tmpdir(), "ampx-log-"));
  try {
    const path = join(folder, "job.log");
    expect(await downloadJobLog(client, "/logs", path, call)).toBe(true);
    await using file = await open(path);
    const { size } = await file.stat();
    expect(size).toBeLessThan(65 * 1024 * 1024);
    const textAt = async (position: number, length: number) => {
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, position);
      return buffer.toString();
    };
    expect(await textAt(0, 15)).toBe("where it began\n");
    expect(await textAt(size - 15, 15)).toBe("where it broke\n");
    const aroundTheCut = await textAt(60 * 1024 * 1024 - 10, 100);
    expect(aroundTheCut).toMatch(/x\n\[ampx: \d+ bytes are left out here\]\nx/);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

import { inflateRawSync } from "node:zlib";
import { expect, test } from "vitest";
import { asking, plain } from "./asking.ts";
import { startGitHub } from "./github.ts";
import { zip } from "./logs/zip.ts";
import { ci } from "./workflows.ts";

const start = Date.UTC(2026, 0, 1);

async function failedRun() {
  const github = await startGitHub({ now: () => start });
  const files = { ".github/workflows/ci.yml": ci };
  const repository = await github.createRepository("acme/shop", { files });
  github.plan(
    {},
    {
      conclusion: "failure",
      log: "one test failed",
      annotations: [{ path: "a.ts", startLine: 3, level: "failure", message: "expected 1" }],
    },
  );
  const sha = await repository.commit("amp/a", { a: "a" });
  await github.advance(0);
  const run = repository.runs(sha)[0]!;
  const ask = asking(github, github.createToken({ login: "acme" }));
  const download = asking(github);
  const job = run.attempts[0]!.jobs[0]!;
  return {
    github,
    repository,
    run,
    job,
    ask,
    download,
    [Symbol.asyncDispose]: () => github[Symbol.asyncDispose](),
  };
}

test("the log of a job is a redirection to another host, good for a minute and for nobody who brings a token", async () => {
  await using world = await failedRun();
  const { github, ask, download, job } = world;

  const { status, headers } = await ask(`GET /repos/acme/shop/actions/jobs/${job.id}/logs`);
  const url = headers.get("location")!;
  const log = await download(`GET ${url}`);
  const withToken = await ask(`GET ${url}`);
  await github.advance(60_000);
  const late = await download(`GET ${url}`);

  expect(status).toBe(302);
  expect(new URL(url).origin).not.toBe(github.url);
  expect(log.status).toBe(200);
  expect(log.headers.get("content-type")).toBe("text/plain; charset=utf-8");
  expect(log.body).toMatch(/^2026-01-01T00:00:00\.\d{7}Z one test failed$/m);
  expect(log.body).toContain("##[error]Process completed with exit code 1.\n");
  expect(withToken.status).toBe(401);
  expect(late.status).toBe(403);
});

test("logs that were deleted are gone, and the annotations remain", async () => {
  await using world = await failedRun();
  const { repository, ask, job, run } = world;
  const path = `/repos/acme/shop/actions/jobs/${job.id}/logs`;
  repository.expireLogs(run.id);
  const expired = await ask(`GET ${path}`);
  repository.deleteLogs(run.id);

  expect(expired).toMatchObject({ status: 410 });
  expect(await ask(`GET ${path}`)).toMatchObject({ status: 404 });
  expect((await ask(`GET /repos/acme/shop/check-runs/${job.id}/annotations`)).body).toMatchObject([
    { path: "a.ts", start_line: 3, annotation_level: "failure", message: "expected 1" },
  ]);
});

test("the log of a run is an archive with a file for each job and each step", async () => {
  await using world = await failedRun();
  const { ask, run } = world;
  const { headers } = await ask(`GET /repos/acme/shop/actions/runs/${plain(run.id)}/logs`);

  const archive = Buffer.from(
    await (
      await fetch(headers.get("location")!, { headers: { connection: "close" } })
    ).arrayBuffer(),
  );

  expect(namesIn(archive)).toEqual([
    "0_test.txt",
    "test/1_Set up job.txt",
    "test/2_Run actionscheckout@v4.txt",
    "test/3_Run bash ci.sh.txt",
    "test/4_Complete job.txt",
  ]);
});

test("what is in an archive comes out as it went in", () => {
  const archive = zip([{ path: "a/ä.txt", content: "grün\n".repeat(100) }]);
  const nameLength = archive.readUInt16LE(26);
  const packed = archive.subarray(30 + nameLength, 30 + nameLength + archive.readUInt32LE(18));
  expect(inflateRawSync(packed).toString()).toBe("grün\n".repeat(100));
});

/** Of the directory at the end. */
function namesIn(archive: Buffer): string[] {
  const names: string[] = [];
  let at = archive.readUInt32LE(archive.length - 6);
  while (archive.readUInt32LE(at) === 0x0201_4b50) {
    const length = archive.readUInt16LE(at + 28);
    names.push(archive.subarray(at + 46, at + 46 + length).toString());
    at += 46 + length;
  }
  return names;
}

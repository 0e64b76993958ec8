import { readdir, readFile, writeFile, chmod } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test, vi } from "vitest";
import { makeRepository, readText, writeFiles, type RepositoryFixture } from "./fixture.ts";
import { taskOn } from "./workspace-fixture.ts";

const signal = AbortSignal.timeout(120_000);

/** A worker that prepares, lets an "agent" write, commits, pushes and rebases, over and over what is done already. */
const worker = `
  import { taskOn } from ${JSON.stringify(join(import.meta.dirname, "workspace-fixture.ts"))};
  import { writeFiles } from ${JSON.stringify(join(import.meta.dirname, "fixture.ts"))};
  const repo = JSON.parse(process.argv[2]);
  const { workspace, path, signal, commit } = await taskOn(repo, 1, { mark: repo.root });
  process.stdout.write("ready\\n");
  await workspace.prepare(signal);
  await writeFiles(path, { "a.txt": "a\\n" });
  const { head } = await commit();
  await workspace.push(head, null, signal);
  await workspace.rebase(signal);
`;

test.for([0, 50, 120, 190, 260, 350])(
  "killed with all its processes %d ms after its start, it ends as it would have",
  async (ms) => {
    await using repo = await makeRepository({
      files: Object.fromEntries(Array.from({ length: 400 }, (_, n) => [`src/${n}.txt`, `${n}\n`])),
    });
    await writeFiles(repo.path, {
      "hooks/post-receive": `#!/bin/sh\ncat >> '${repo.root}/pushes'\n`,
    });
    await chmod(join(repo.path, "hooks/post-receive"), 0o755);
    await writeFile(join(repo.root, "worker.ts"), worker);
    const child = execa(process.execPath, [join(repo.root, "worker.ts"), JSON.stringify(repo)], {
      reject: false,
      stdout: "pipe",
    });
    let ready = false;
    child.stdout.on("data", () => (ready = true));
    await vi.waitUntil(() => ready, { timeout: 20_000, interval: 1 });
    await new Promise((resolve) => setTimeout(resolve, ms));
    child.kill("SIGKILL");
    await child;
    await endMarked(repo.root);

    const { workspace, path, commit } = await taskOn(repo, 1, { mark: repo.root });
    await workspace.prepare(signal);
    await writeFiles(path, { "a.txt": "a\n" });
    const content = await commit();
    expect(content).toMatchObject({ files: ["a.txt"], insertions: 1, deletions: 0 });
    expect(await workspace.push(content.head, null, signal)).toEqual({ is: "pushed" });
    expect(await repo.git(["rev-list", "--count", "main..amp/task-1"])).toBe("1");
    expect(await readText(repo.root, "pushes")).toMatch(
      /^0{40} [0-9a-f]{40} refs\/heads\/amp\/task-1\n$/,
    );
    expect(await workspace.rebase(signal)).toMatchObject({ is: "rebased", commit: content.head });
    expect(await leftovers(repo)).toEqual([]);
  },
);

/** What taking a task over does first: ends whatever carries its mark. */
async function endMarked(mark: string): Promise<void> {
  for (const pid of await readdir("/proc")) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue;
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(
      () => "" /* it has ended */,
    );
    if (!environment.split("\0").includes(`AMPX_MARK=${mark}`)) continue;
    try {
      process.kill(Number(pid), "SIGKILL");
    } catch {
      // ESRCH: it has ended.
    }
    await vi.waitUntil(
      () =>
        readFile(`/proc/${pid}/cmdline`, "utf8").then(
          (text) => text === "",
          () => true,
        ),
      { timeout: 10_000, interval: 2 },
    );
  }
}

async function leftovers(repo: RepositoryFixture): Promise<string[]> {
  const files = await readdir(repo.home, { recursive: true });
  return files.filter((file) => /\.(lock|git\/.*\.new)$/.test(file));
}

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, test } from "vitest";
import { startGitHub } from "../github/github.ts";
import { ci } from "../github/workflows.ts";
import { canRunDebianGh, debianGh } from "./debian-gh.ts";

describe.skipIf(!canRunDebianGh())("the real gh", () => {
  let program = "";
  beforeAll(async () => {
    program = await debianGh();
  });

  /** It believes that it talks to github.com, and talks plain HTTP to a socket file. */
  async function failedRun() {
    const folder = await mkdtemp(join(tmpdir(), "gh-"));
    const socket = join(folder, "gh.sock");
    const github = await startGitHub({ socket });
    await writeFile(join(folder, "config.yml"), `http_unix_socket: ${socket}\n`);
    const files = { ".github/workflows/ci.yml": ci };
    const repository = await github.createRepository("acme/shop", { files });
    github.plan({ branch: "amp/a" }, { conclusion: "failure", log: "AssertionError: expected 1" });
    const sha = await repository.commit("amp/a", { a: "a" });
    await repository.commit("amp/b", { a: "b" });
    await github.advance(0);
    const token = github.createToken({ login: "acme" });
    const gh = async (...args: string[]) => {
      const env = {
        TMPDIR: folder,
        GH_CONFIG_DIR: folder,
        GH_TOKEN: token,
        NO_COLOR: "1",
        GH_PROMPT_DISABLED: "1",
      };
      const { stdout } = await execa(program, [...args, "-R", "acme/shop"], { env });
      return stdout;
    };
    return {
      gh,
      sha,
      run: repository.runs(sha)[0]!,
      async [Symbol.asyncDispose]() {
        await github[Symbol.asyncDispose]();
        await rm(folder, { recursive: true, force: true });
      },
    };
  }

  test("lists the runs of a commit, and no others", async () => {
    await using world = await failedRun();
    const { gh, sha, run } = world;
    const listed = await gh(
      "run",
      "list",
      "--commit",
      sha,
      "--json",
      "databaseId,headSha,conclusion,workflowName",
    );
    expect(JSON.parse(listed)).toEqual([
      { databaseId: run.id, headSha: sha, conclusion: "failure", workflowName: "CI" },
    ]);
  });

  test("shows the log of the steps that failed, and only of these", async () => {
    await using world = await failedRun();
    const { gh, run } = world;
    const log = await gh("run", "view", String(run.id), "--log-failed");
    expect(log).toMatch(/^test\tRun bash ci\.sh\t\S+Z AssertionError: expected 1$/m);
    expect(log).not.toContain("Set up job");
  });

  test("shows a run with its jobs and annotations", async () => {
    await using world = await failedRun();
    const { gh, run } = world;
    const shown = await gh("run", "view", String(run.id));
    expect(shown).toContain("X test in ");
  });
});

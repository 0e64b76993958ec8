import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test, vi } from "vitest";
import { stringify } from "yaml";
import { startGitHub } from "../github/github.ts";
import { wants42 } from "./github-world.ts";

const bin = resolve(import.meta.dirname, "../../packages/cli/bin/ampx.js");

test("ampx start --repo owner/name: from the task to the merge, without a git command by hand", async () => {
  await using github = await startGitHub();
  const files = { answer: "0\n", ".github/workflows/ci.yml": wants42 };
  const repository = await github.createRepository("acme/shop", { files });
  github.plan({}, { execute: true });
  const issue = repository.openIssue("The answer is wrong", { body: "It should be 42." });
  const root = await realpath(await mkdtemp(join(tmpdir(), "ampx start ")));
  const script = join(root, "script.yaml");
  const answer = (content: string) => [
    { write: "answer", content: `${content}\n` },
    { say: `It is ${content}.` },
  ];
  await writeFile(script, stringify({ turns: [answer("41"), answer("42")] }));
  const env = {
    PATH: process.env["PATH"],
    HOME: root,
    AMPX_HOME: join(root, "home"),
    AMPX_PORT: "0",
    AMPX_AGENT: "scripted",
    AMPX_AGENTS_SCRIPTED_SCRIPT: script,
    AMPX_GITHUB_URL: github.url,
    AMPX_GITHUB_POLL_SECONDS: "0.2",
    AMPX_GITHUB_FIRST_RUN_SECONDS: "2",
    AMPX_GITHUB_SETTLE_SECONDS: "0.2",
    GH_TOKEN: github.createToken({ login: "acme" }),
  };
  const ampx = async (...args: string[]) => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [stdout, stderr] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, "exit"),
    ]);
    return { code: child.exitCode, stdout, stderr };
  };
  try {
    const doctor = await ampx("doctor");
    expect(doctor.stdout).toContain("acme, by GH_TOKEN");
    const started = await ampx(
      "start",
      "--repo",
      "acme/shop",
      `--issue=${issue.number}`,
      "--task=Only the answer.",
      "--follow",
    );
    expect(started, started.stderr).toMatchObject({ code: 0 });
    const list = JSON.parse((await ampx("ls", "--json")).stdout) as {
      tasks: { short_id: string }[];
    };
    const [task] = list.tasks;
    expect(task).toMatchObject({
      status: "success",
      repo: `${github.url}/acme/shop.git`,
      title: "The answer is wrong",
      issue: { number: 1, url: `${github.url}/acme/shop/issues/1` },
    });
    const merged = await ampx("merge", task?.short_id ?? "");
    expect(merged, merged.stderr).toMatchObject({ code: 0 });
    expect(await repository.read("main", "answer")).toBe("42");
    expect(await repository.branches()).toEqual(["main"]);
    // Told within 5 s of their use.
    await vi.waitFor(
      async () => {
        const { stdout } = await ampx("status");
        expect(stdout).toMatch(/github {2}\d+ of 5000 requests left until .* \(127.*, token\)/);
      },
      { timeout: 20_000, interval: 200 },
    );
  } finally {
    await ampx("stop");
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  }
});

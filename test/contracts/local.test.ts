import { makeRepository, writeFiles } from "@ampx/worker/git/fixture";
import { localForge, resolveRepository } from "@ampx/worker/git/index";
import { taskOn } from "@ampx/worker/git/workspace-fixture";
import { ciCommand, counted, makeProject } from "@ampx/worker/local-ci/fixture";
import { localCi } from "@ampx/worker/local-ci/index";
import { ciContract } from "./ci-contract.ts";
import { forgeContract } from "./forge-contract.ts";

const script = counted(
  "if grep -qx slow answer; then exec sleep 600; fi",
  'grep -qx 42 answer || { echo "FAIL: the answer is $(cat answer)"; exit 1; }',
);

ciContract("ci.sh", async ({ without }) => {
  const project = await makeProject(without ? {} : { beside: script });
  return {
    ci: localCi({
      repository: project.repository,
      branch: "work",
      base: "main",
      command: ciCommand,
      timeoutMinutes: 1,
      env: process.env,
    }),
    push: (answer) => project.work({ answer: `${answer}\n` }),
    timesJudged: async (sha) => (await project.runs()).filter((one) => one === sha).length,
    [Symbol.asyncDispose]: () => project[Symbol.asyncDispose](),
  };
});

forgeContract("a bare repository", async () => {
  const repo = await makeRepository({ files: { answer: "0\n" } });
  const { signal } = new AbortController();
  const task = await taskOn(repo, 1);
  const { base } = await task.workspace.prepare(signal);
  await writeFiles(task.path, { answer: "42\n" });
  const { head } = await task.commit();
  await task.workspace.push(head, null, signal);
  const repository = await resolveRepository(repo.path, { cwd: "/" });
  return {
    forge: localForge({ home: repo.home, repository, base: "main", branch: "amp/task-1" }),
    head,
    base,
    moveBase: () => repo.commit({ other: "x\n" }),
    onBase: (path) => repo.git(["show", `main:${path}`]),
    [Symbol.asyncDispose]: () => repo[Symbol.asyncDispose](),
  };
});

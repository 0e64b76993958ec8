import { cp, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TaskDetail, TaskList } from "@ampx/core";
import { expect, test } from "vitest";
import { person, until, type Person } from "./ampx.ts";

// A team as people run one: a project, a backlog of three tickets with locks and dependencies, three agents, CI, and merges in order.

const tickets: Record<string, string> = {
  "login.yaml": "id: AUTH-1\ntitle: Log in\npriority: 1\nlocks: [user-auth]\n",
  "logout.yaml": "id: AUTH-2\ntitle: Log out\npriority: 2\nlocks: [user-auth]\n",
  "profile.yaml": "id: USER-1\ntitle: Show the profile\npriority: 1\ndependencies: [AUTH-1]\n",
};
/** Each agent writes a file of its own, with what it was told. */
const script = `turns: [[{ run: 'echo done > "$(git branch --show-current | tr / -)"' }, { say: Done. }]]\n`;

test(
  "three tickets in a backlog are done by three agents and merged in order",
  { timeout: 120_000 },
  async () => {
    await using at = await person({ AMPX_AGENT: "scripted", AMPX_CI_CHECK_BASE: "false" });
    const project = await makeProject(at);
    const served = await at.ampx(["serve", "--detach"]);
    expect(served.code, served.stderr).toBe(0);
    for (const [name, text] of Object.entries(tickets)) {
      // Moved there when it is complete, as the sample says.
      await writeFile(join(at.folder, name), text);
      await rename(join(at.folder, name), join(project, "backlog", name));
    }
    await until("all tickets to be taken", async () => {
      const processed = await readdir(join(project, "backlog/processed")).catch(() => []);
      return processed.length === 3 ? processed : undefined;
    });

    const merged: string[] = [];
    const waits = new Set<string>();
    await until(
      "all to be merged",
      async () => {
        for (const { short_id, branch, status, phase, waiting_for } of await list(at)) {
          if (status === "queued" && waiting_for !== null)
            waits.add(`${branch}: ${waiting_for.replaceAll(/\([0-9a-z]{6}\)/g, "()")}`);
          if (phase === "ready" && !merged.includes(branch)) {
            merged.push(branch);
            expect((await at.ampx(["merge", short_id])).code).toBe(0);
          }
        }
        const rows = await list(at);
        return rows.length === 3 && rows.every(({ phase }) => phase === "merged")
          ? rows
          : undefined;
      },
      90_000,
    );

    const branches = (await list(at)).map(({ branch }) => branch.replace(/^agent-[123]\//, ""));
    expect(branches.toSorted()).toEqual(["AUTH-1", "AUTH-2", "USER-1"]);
    expect(merged[0]).toMatch(/AUTH-1$/);
    expect(waits).toContainEqual(expect.stringMatching(/AUTH-2: lock user-auth, held by AUTH-1/));
    expect(waits).toContainEqual(expect.stringMatching(/USER-1: ticket AUTH-1 \(\) to be merged/));
    // What is on main is all of it, one commit a ticket, and CI was green for each.
    const files = (await at.git(join(project, "repo.git"), "ls-tree", "--name-only", "main"))
      .split("\n")
      .toSorted();
    expect(files.filter((file) => file.startsWith("agent-"))).toHaveLength(3);
    const commits = await at.git(join(project, "repo.git"), "log", "--format=%s", "main");
    expect(commits.split("\n").at(-1)).toBe("First");
    expect(commits.split("\n").at(-2)).toBe("Log in");
    for (const { short_id } of await list(at)) {
      const show = await at.ampx(["show", short_id, "--json"]);
      const detail = JSON.parse(show.stdout) as TaskDetail;
      expect(detail.tries).toMatchObject([{ verdict: "passed" }]);
    }
    const locks = await at.ampx(["locks", "--json"]);
    expect(JSON.parse(locks.stdout)).toMatchObject({ locks: [] });
  },
);

async function makeProject(at: Person): Promise<string> {
  await at.ampx(["init", "my-ai-project"]);
  const project = join(at.folder, "my-ai-project");
  await writeFile(join(project, "ci.sh"), "#!/bin/sh\nls | grep -q '^agent-'\n");
  const config = join(project, "ampx.yaml");
  const text = await readFile(config, "utf8");
  await writeFile(config, text.replace("  #branches: ampx", "  branches: agent-slot"));
  expect(await readFile(config, "utf8")).toContain("  branches: agent-slot");
  const clone = join(at.folder, "clone");
  await at.git(at.folder, "init", "--quiet", "--initial-branch=main", clone);
  await at.git(clone, "commit", "--quiet", "--allow-empty", "-m", "First");
  await at.git(clone, "push", "--quiet", join(project, "repo.git"), "main");
  const sessions = join(at.folder, "script.yaml");
  await writeFile(sessions, script);
  at.env["AMPX_AGENTS_SCRIPTED_SCRIPT"] = sessions;
  await cp(join(project, "sample-ticket.yaml"), join(at.folder, "sample.yaml"));
  expect((await at.ampx(["validate", "sample.yaml"])).code).toBe(0);
  return project;
}

async function list(at: Person): Promise<TaskList["tasks"]> {
  const { stdout } = await at.ampx(["ls", "--json"]);
  return (JSON.parse(stdout) as TaskList).tasks;
}

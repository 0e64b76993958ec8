import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CreatedTask, ServerStatus, TaskDetail } from "@ampx/core";
import { expect, test } from "vitest";
import { initShop, type Person, person, until } from "./ampx.ts";

test(
  "the server removes worktrees of ended tasks beyond the policy, and none that is still needed",
  { timeout: 120_000 },
  async () => {
    await using ada = await person({
      AMPX_AGENT: "scripted",
      AMPX_SLOTS: "4",
      AMPX_WORKTREES_MAX_GIGABYTES: "0.000000001",
    });
    const script = join(ada.folder, "script.yaml");
    await writeFile(script, JSON.stringify({ turns: [[{ run: "sleep 600" }]] }));
    ada.env["AMPX_AGENTS_SCRIPTED_SCRIPT"] = script;
    await initShop(ada);
    const ids: string[] = [];
    // The oldest go first: once both that end are gone, the others have been looked at.
    for (const task of ["Ends", "Is a person's", "Goes on", "Ends, too"])
      ids.push(await started(ada, task));
    await until("four turns", async () => {
      const status = await ada.ampx(["status", "--json"]);
      const { turns } = JSON.parse(status.stdout) as ServerStatus;
      return turns.length === 4 || undefined;
    });
    const [ended = "", held = "", , endedLast = ""] = ids;
    for (const id of [ended, endedLast]) expect((await ada.ampx(["abort", id])).code).toBe(0);
    expect((await ada.ampx(["attach", held])).code).toBe(0);
    const worktrees: string[] = [];
    for (const id of ids) worktrees.push(await worktreeOf(ada, id));
    expect(worktrees.map((path) => existsSync(path))).toEqual([true, true, true, true]);

    await ada.ampx(["stop"]);
    await ada.ampx(["serve", "--detach"]);
    const stand = () => worktrees.map((path) => existsSync(path));
    await until("the sweep", () => (!stand().at(0) && !stand().at(-1)) || undefined);
    expect(stand()).toEqual([false, true, true, false]);
  },
);

async function started(ada: Person, task: string): Promise<string> {
  const answer = await ada.ampx(["start", "--repo", "shop/repo.git", "--task", task, "--json"]);
  return (JSON.parse(answer.stdout) as CreatedTask).short_id;
}

async function worktreeOf(ada: Person, id: string): Promise<string> {
  const { worktree } = JSON.parse((await ada.ampx(["show", id, "--json"])).stdout) as TaskDetail;
  if (worktree === null) throw new Error(`${id} has no worktree`);
  return worktree;
}

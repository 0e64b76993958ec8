import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { initShop, type Person, person, until } from "./ampx.ts";

// What people see of the schedule, and how they steer it: against a real server, with agents that work until they are told to end.

const tickets = `id: AUTH-1
title: First
priority: 1
locks: [user-auth]
---
id: AUTH-2
title: Second
locks: [user-auth]
`;

test("a pause, locks and a drain are told and taken back", { timeout: 120_000 }, async () => {
  await using ada = await person();
  await workUntilTold(ada);
  await initShop(ada);
  await ada.ampx(["serve", "--detach"]);

  expect(await ada.ampx(["pause", "--repo", "shop"])).toMatchObject({ code: 0, stderr: "" });
  await ada.ampx(["enqueue", "-", "--repo", "shop"], { stdin: tickets });
  const repo = join(ada.folder, "shop/repo.git");
  const paused = `${repo} is paused`;
  const { tasks } = await asked<{ tasks: { title: string; short_id: string }[] }>(ada, "/tasks");
  const idOf = (title: string) => tasks.find((task) => task.title === title)?.short_id ?? "";
  const [first, second] = [idOf("First"), idOf("Second")];
  expect((await ada.ampx(["why", first])).stdout).toContain(
    `waits for  you: ${paused} (ampx resume --repo ${repo})`,
  );
  expect((await ada.ampx(["ls"])).stdout).toContain(`! ${paused} by`);
  expect((await ada.ampx(["resume", "--repo", "shop"])).stdout).toBe(
    `✓ the pause of ${repo} is over\n`,
  );

  await until("the first works", async () => ((await turns(ada)) === 1 ? true : undefined));
  expect((await ada.ampx(["why", second])).stdout).toMatch(
    new RegExp(`waits for  lock user-auth, held by AUTH-1 \\(${first}\\) since \\d+ s\n`),
  );
  const unasked = await ada.ampx(["locks", "release", "user-auth"]);
  expect(unasked).toMatchObject({ code: 2, stdout: "" });
  expect(unasked.stderr).toContain(`AUTH-1 (${first}), running, has held lock user-auth`);
  const released = await ada.ampx(["locks", "release", "AUTH-1", "--yes"]);
  expect(released.stdout).toContain(`✓ AUTH-1 (${first}) no longer holds lock user-auth`);
  await until("the second works beside it", async () =>
    (await turns(ada)) === 2 ? true : undefined,
  );

  const watch = ada.start(["ls", "-w", "--json"]);
  let seen = "";
  watch.stdout?.on("data", (part: Buffer) => (seen += part));
  const watched = once(watch, "exit");
  const list = () => seen.trim().split("\n").at(-1) ?? "";
  await until("the list", () => list().includes(`"pauses":[]`) || undefined);

  const drain = ada.start(["drain"]);
  let said = "";
  drain.stderr?.on("data", (part: Buffer) => (said += part));
  const ended = once(drain, "exit");
  await until("the drain tells whom it waits for", () => said.includes("\n") || undefined);
  drain.kill("SIGINT");
  expect((await ended)[0]).toBe(130);
  expect(said).toContain("2 turns still run: AUTH-1 (");
  expect(said).toContain("ampx resume ends that");

  await until("the pause in the list", () => list().includes(`"pauses":[{`) || undefined);

  // The API alone comes up again: that is no start of the server, so the pause stays.
  const api = await pidOf("api-main", ada);
  process.kill(api, "SIGKILL");
  await until("the API runs again", async () => {
    const pid = await pidOf("api-main", ada);
    if (pid === 0 || pid === api) return undefined;
    // It may not listen yet.
    return turns(ada).catch(() => undefined);
  });
  expect((await ada.ampx(["status"])).stdout).toMatch(
    /paused {2}! everything is paused by .* until the server is started again/,
  );
  expect(await ada.ampx(["drain", "--timeout", "0s"])).toMatchObject({ code: 1, stdout: "" });

  await writeFile(join(ada.folder, "go"), "");
  const drained = await ada.ampx(["drain", "--stop"]);
  expect(drained).toMatchObject({ code: 0 });
  expect(drained.stdout).toMatch(
    /✓ ampx server stopped: \d+ processes ended, and no turn was cut off/,
  );
  await ada.ampx(["serve", "--detach"]);
  expect(await asked(ada, "/status")).toMatchObject({ pauses: [] });
  // It has outlived the one server and found the next.
  await until(
    "the end of the pause in the list",
    () => list().includes(`"pauses":[]`) || undefined,
  );
  watch.kill("SIGINT");
  expect((await watched)[0]).toBe(130);
});

/** The agent ends its turn, with what is wanted, once there is a file `go`. */
async function workUntilTold(ada: Person): Promise<void> {
  const script = join(ada.folder, "script.yaml");
  const wait = `until [ -e ${join(ada.folder, "go")} ]; do sleep 0.05; done`;
  const turn = [{ run: wait }, { write: "answer", content: "42\n" }, { say: "done" }];
  await writeFile(script, JSON.stringify({ turns: [turn] }));
  ada.env["AMPX_AGENT"] = "scripted";
  ada.env["AMPX_AGENTS_SCRIPTED_SCRIPT"] = script;
}

/** How many turns run. */
async function turns(ada: Person): Promise<number> {
  return (await asked<{ turns: unknown[] }>(ada, "/status")).turns.length;
}

/** What the server answers: a command takes half a second each time. */
async function asked<T>({ home }: Person, path: string): Promise<T> {
  const { url } = JSON.parse(await readFile(join(home, "run/server.json"), "utf8")) as {
    url: string;
  };
  const token = (await readFile(join(home, "token"), "utf8")).trim();
  const answer = await fetch(`${url}${path}`, { headers: { Authorization: `Bearer ${token}` } });
  return (await answer.json()) as T;
}

/** 0 while there is none. */
async function pidOf(program: string, { home }: Person): Promise<number> {
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    // It may have ended since the folder was read.
    const line = await readFile(`/proc/${entry}/cmdline`, "utf8").catch(() => "");
    if (line.includes(`${program}.`) && line.includes(home)) return Number(entry);
  }
  return 0;
}

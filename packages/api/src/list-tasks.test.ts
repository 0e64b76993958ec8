import { TaskList } from "@ampx/core";
import { expect, it } from "vitest";
import { type ApiUnderTest, startTestApi } from "./fixture.ts";

it("walks over all tasks, newest first, each once, while new ones are added", async () => {
  await using at = await startTestApi();
  const ids: string[] = [];
  for (let i = 0; i < 23; i++) ids.push((await at.create()).id);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: TaskList = await list(at, `?limit=5${cursor === null ? "" : `&cursor=${cursor}`}`);
    expect(page.tasks.length).toBeLessThanOrEqual(5);
    seen.push(...page.tasks.map(({ id }) => id));
    cursor = page.next_cursor;
    await at.create();
  } while (cursor !== null);
  expect(seen).toEqual(ids.toSorted().toReversed());
});

it("filters by status, repository and maker, and counts what fits", async () => {
  await using at = await startTestApi();
  await at.create({ repo: "/repos/a", created_by: "ada" });
  await at.create({ repo: "/repos/a", created_by: "bob" });
  await at.create({ repo: "/repos/b", created_by: "bob" });
  expect((await list(at, "")).total).toBe(3);
  expect((await list(at, "?repo=/repos/a")).total).toBe(2);
  expect((await list(at, "?created_by=bob&repo=%2Frepos%2Fa")).tasks).toMatchObject([
    { repo: "/repos/a", created_by: "bob" },
  ]);
  expect((await list(at, "?status=queued,running&limit=2")).total).toBe(3);
  expect(await list(at, "?status=success")).toEqual({
    tasks: [],
    total: 0,
    next_cursor: null,
    pauses: [],
  });
});

it("ends a walk whose last page is full", async () => {
  await using at = await startTestApi();
  for (let i = 0; i < 4; i++) await at.create();
  const first = await list(at, "?limit=2");
  const second = await list(at, `?limit=2&cursor=${first.next_cursor}`);
  expect([first.tasks.length, second.tasks.length, second.next_cursor]).toEqual([2, 2, null]);
});

async function list(at: ApiUnderTest, query: string): Promise<TaskList> {
  const answer = await at.send("GET", `/tasks${query}`);
  expect(answer.status).toBe(200);
  return TaskList.parse(JSON.parse(answer.text));
}

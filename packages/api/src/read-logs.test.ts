import { LogPage } from "@ampx/core";
import { describe, expect, it } from "vitest";
import { EventSourceClient } from "./event-source-fixture.ts";
import { type ApiUnderTest, startTestApi, until } from "./fixture.ts";

const cap = 100_000;

describe("GET /tasks/{id}/logs", () => {
  it("gives all lines, oldest first, and the files that hold the rest", async () => {
    await using at = await startTestApi();
    const { id, short_id } = await at.create();
    await log(at, id, 1, 6);
    const page = await read(at, `/tasks/${short_id}/logs`);
    expect(page.lines).toMatchObject([
      { n: 1, stream: "worker", attempt: 1, text: "line 1" },
      { n: 2 },
      { n: 3 },
      { n: 4 },
      { n: 5 },
      { n: 6 },
    ]);
    expect(page.files).toEqual([expect.stringContaining(`${id}.log`)]);
  });

  it("gives the newest, those after one, and those of a stream or an attempt", async () => {
    await using at = await startTestApi();
    const { id } = await at.create();
    await log(at, id, 1, 9);
    const ns = async (query: string) =>
      (await read(at, `/tasks/${id}/logs?${query}`)).lines.map(({ n }) => n);
    expect(await ns("tail=2")).toEqual([8, 9]);
    expect(await ns("tail=0")).toEqual([]);
    expect(await ns("after=7")).toEqual([8, 9]);
    expect(await ns("stream=agent")).toEqual([2, 5, 8]);
    expect(await ns("stream=agent,ci&tail=3")).toEqual([6, 8, 9]);
    expect(await ns("attempt=2")).toEqual([]);
  });

  it("can be walked over to its end a page at a time", async () => {
    await using at = await startTestApi();
    const { id } = await at.create();
    await log(at, id, 1, 10_005);
    const first = await read(at, `/tasks/${id}/logs`);
    const second = await read(at, `/tasks/${id}/logs?after=${first.lines.at(-1)?.n}`);
    expect([first.lines.length, second.lines.length, second.lines.at(-1)?.n]).toEqual([
      10_000, 5, 10_005,
    ]);
  });
});

describe("GET /tasks/{id}/logs as server-sent events", () => {
  it("tells a line within a second of its being written, each once, and takes up where a client left off", async () => {
    await using at = await startTestApi();
    const { id } = await at.create();
    await log(at, id, 1, 3);
    const url = `${at.api.url}/tasks/${id}/logs`;
    const first = await EventSourceClient.open(`${url}?tail=1`);
    await until(() => first.received.length === 1);
    const delays: number[] = [];
    for (let n = 4; n <= 8; n++) {
      const before = performance.now();
      await log(at, id, n, n);
      await until(() => first.received.length === n - 2);
      delays.push(performance.now() - before);
    }
    await first.close();
    await log(at, id, 9, 12);
    await using second = await EventSourceClient.open(`${url}?tail=1`, {
      "Last-Event-ID": first.lastEventId,
    });
    await until(() => second.received.length === 4);
    expect([...first.ids, ...second.ids]).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(second.received[0]?.data).toMatchObject({ n: 9, text: "line 9" });
    expect(Math.max(...delays)).toBeLessThan(1_000);
  });

  it("begins at the first line, or with tail=0 at the next one", async () => {
    await using at = await startTestApi();
    const { id } = await at.create();
    await log(at, id, 1, 1_203);
    await using all = await EventSourceClient.open(`${at.api.url}/tasks/${id}/logs`);
    await using next = await EventSourceClient.open(`${at.api.url}/tasks/${id}/logs?tail=0`);
    await until(() => next.lastEventId === "1203");
    await log(at, id, 1_204, 1_204);
    await until(() => all.received.length === 1_204 && next.received.length === 1);
    expect(all.ids).toEqual(Array.from({ length: 1_204 }, (_, i) => i + 1));
    expect(next.ids).toEqual([1_204]);
  });

  it("tells only the streams asked for", async () => {
    await using at = await startTestApi();
    const { id } = await at.create();
    await using client = await EventSourceClient.open(`${at.api.url}/tasks/${id}/logs?stream=ci`);
    await log(at, id, 1, 300);
    await until(() => client.received.length === 100);
    expect(new Set(client.received.map(({ data }) => data["stream"]))).toEqual(new Set(["ci"]));
  });

  it("keeps control characters of a line inside it", async () => {
    await using at = await startTestApi();
    const { id } = await at.create();
    const text = "a\rb\n\ndata: forged\u2028\u0000\u001b[2J\u0085";
    await at.store.appendLog(id, [{ at: 1, stream: "agent", attempt: 1, text }], cap);
    await using client = await EventSourceClient.open(`${at.api.url}/tasks/${id}/logs`);
    await until(() => client.received.length > 0);
    expect(client.received.map(({ data }) => data["text"])).toEqual([text]);
  });
});

/** Lines from one number to another, of the three streams in turn. */
async function log(at: ApiUnderTest, id: string, from: number, to: number): Promise<void> {
  const streams = ["worker", "agent", "ci"] as const;
  const lines = Array.from({ length: to - from + 1 }, (_, i) => ({
    at: Date.now(),
    stream: streams[(from + i - 1) % 3] ?? "worker",
    attempt: 1,
    text: `line ${from + i}`,
  }));
  await at.store.appendLog(id, lines, cap);
}

async function read(at: ApiUnderTest, path: string): Promise<LogPage> {
  const answer = await at.send("GET", path);
  expect(answer.status).toBe(200);
  return LogPage.parse(JSON.parse(answer.text));
}

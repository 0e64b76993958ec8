import { request } from "node:http";
import { join } from "node:path";
import { EventView } from "@ampx/core";
import { openStore } from "@ampx/store";
import { describe, expect, it } from "vitest";
import { EventSourceClient } from "./event-source-fixture.ts";
import { type ApiUnderTest, sendTo, startTestApi, token, until } from "./fixture.ts";
import { startApi } from "./start-api.ts";

describe("GET /events", () => {
  it("tells what happens from now on, in commit order, with the task it happened to", async () => {
    await using at = await startTestApi();
    await at.create();
    await using client = await EventSourceClient.open(`${at.api.url}/events`);
    await until(() => client.lastEventId === "1");
    const { id } = await at.create();
    await at.send("PATCH", `/tasks/${id}`, { body: { action: "abort" } });
    await until(() => client.received.length === 2);
    expect(client.received.map(({ data }) => EventView.parse(data))).toMatchObject([
      { id: 2, task_id: id, seq: 1, type: "task_created" },
      {
        id: 3,
        task_id: id,
        seq: 2,
        type: "abort_requested",
        by: "ada",
        at: expect.stringMatching(/^\d{4}-.*Z$/),
      },
    ]);
  });

  it("loses and repeats nothing for readers that break off and come again while many write", async () => {
    await using at = await startTestApi();
    // A second API with a connection of its own to the same database: commits of both are told by each.
    await using store = await openStore({
      file: join(at.deps.home, "ampx.db"),
      redact: (text) => text,
    });
    await using other = await startApi({ ...at.deps, store }, 0);
    const total = 400;
    const writers = Array.from({ length: 8 }, (_, i) =>
      write(i % 2 === 0 ? at.api.port : other.port, total / 8),
    );
    const seen: number[] = [];
    let position = "0";
    let readers = 0;
    while (seen.length < total) {
      const url = readers++ % 2 === 0 ? other.url : at.api.url;
      await using client = await EventSourceClient.open(`${url}/events?after=0`, {
        "Last-Event-ID": position,
      });
      await until(() => client.received.length >= Math.min(23, total - seen.length));
      await client.close();
      seen.push(...client.ids);
      position = client.lastEventId;
    }
    await Promise.all(writers);
    expect(seen).toEqual(Array.from({ length: total }, (_, i) => i + 1));
    expect(readers).toBeGreaterThan(3);
  });

  it("holds up nobody for a reader that does not read, and nothing is lost to it", async () => {
    await using at = await startTestApi();
    let told = 0;
    const { eventsAfter } = at.store;
    at.store.eventsAfter = async (...query) => {
      const events = await eventsAfter(...query);
      told += events.length;
      return events;
    };
    const slow = await slowReader(at, "/events?after=0");
    // 30 MB: more than the buffers of a connection take.
    for (let i = 0; i < 300; i++) await at.create({ prompt: "x".repeat(100_000) });
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(250);
    await using quick = await EventSourceClient.open(`${at.api.url}/events?after=0`);
    await until(() => quick.received.length === 300, 20_000);
    expect(await slow.readIds(300)).toEqual(quick.ids);
    slow.close();
  });

  it("gives a sign of life while nothing happens", async () => {
    await using at = await startTestApi({ heartbeatMs: 20 });
    await using client = await EventSourceClient.open(`${at.api.url}/events`);
    await until(() => client.comments >= 3);
    expect(client.received).toEqual([]);
  });

  it("ends when the server does, so that it can", async () => {
    await using at = await startTestApi();
    await using client = await EventSourceClient.open(`${at.api.url}/events`);
    const before = performance.now();
    await at.api.close();
    await until(() => client.ended);
    expect(performance.now() - before).toBeLessThan(1_500);
  });
});

describe("GET /tasks/{id}/events", () => {
  it("tells all of one task, from its first event on, and nothing of others", async () => {
    await using at = await startTestApi();
    const [one, other] = [await at.create(), await at.create()];
    await at.send("PATCH", `/tasks/${one.id}`, { body: { action: "merge" } });
    await using client = await EventSourceClient.open(
      `${at.api.url}/api/tasks/${one.short_id}/events`,
    );
    await until(() => client.received.length === 2);
    await at.send("PATCH", `/tasks/${other.id}`, { body: { action: "abort" } });
    await at.send("PATCH", `/tasks/${one.id}`, { body: { action: "abort" } });
    await until(() => client.received.length === 3);
    expect(client.received.map(({ data }) => [data["seq"], data["type"]])).toEqual([
      [1, "task_created"],
      [2, "merge_requested"],
      [3, "abort_requested"],
    ]);
    await using later = await EventSourceClient.open(
      `${at.api.url}/tasks/${one.id}/events?after=${client.ids[1]}`,
    );
    await until(() => later.received.length === 1);
    expect(later.ids).toEqual(client.ids.slice(2));
  });
});

async function write(port: number, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const { status } = await sendTo(port, "POST", "/tasks", {
      body: { repo: "/repos/app", prompt: `Fix ${i}` },
    });
    expect(status).toBe(201);
  }
}

/** A client that asks and then does not read until it is told to. */
async function slowReader(at: ApiUnderTest, path: string) {
  const headers = { Authorization: `Bearer ${token}` };
  const req = request({ host: "127.0.0.1", port: at.api.port, path, headers, agent: false }).end();
  const res = await new Promise<NodeJS.ReadableStream & { pause(): unknown }>((resolve, reject) => {
    req.on("response", resolve).on("error", reject);
  });
  res.pause();
  return {
    close: () => req.destroy(),
    readIds: (count: number) =>
      new Promise<number[]>((resolve) => {
        const ids: number[] = [];
        let [line, id] = ["", 0];
        res.on("error", () => {}); // closed by the test
        res.on("data", (chunk: Buffer) => {
          for (const [index, part] of chunk.toString("latin1").split("\n").entries()) {
            if (index > 0 && line.startsWith("id: ")) id = Number(line.slice(4));
            if (index > 0 && line.startsWith("data: ")) ids.push(id);
            line = (index === 0 ? line + part : part).slice(0, 40);
          }
          if (ids.length === count) resolve(ids);
        });
        res.resume();
      }),
  };
}

import { ruleNames } from "@ampx/core/tamper/index";
import { describe, expect, it } from "vitest";
import { problemIn, type Sending, startTestApi } from "./fixture.ts";

const task = { repo: "/repos/app", prompt: "Fix it" };

/** Request, then the answer's status, kind and the fields that it names with what is wrong with them. */
const table: [
  request: string,
  sending: Sending,
  status: number,
  kind: string,
  ...fields: string[],
][] = [
  ["POST /tasks", { body: {} }, 422, "invalid", "repo: is missing", "prompt: is missing"],
  ["POST /tasks", { body: { ...task, colour: "red" } }, 422, "invalid", "colour: is not known"],
  [
    "POST /tasks",
    { body: '{"repo":"/repos/app","prompt":"x","__proto__":{}}' },
    422,
    "invalid",
    "__proto__: is not known",
  ],
  [
    "POST /tasks",
    { body: { ...task, prompt: "  \n" } },
    422,
    "invalid",
    "prompt: must not be empty",
  ],
  ["POST /tasks", { body: { ...task, prompt: 5 } }, 422, "invalid", "prompt: must be a text"],
  ["POST /tasks", { body: { ...task, prompt: null } }, 422, "invalid", "prompt: must be a text"],
  [
    "POST /tasks",
    { body: { ...task, prompt: "a\0b" } },
    422,
    "invalid",
    "prompt: must not hold a NUL character",
  ],
  [
    "POST /tasks",
    { body: { ...task, prompt: "x".repeat(200_001) } },
    422,
    "invalid",
    "prompt: must be at most 200000 characters",
  ],
  [
    "POST /tasks",
    { body: { ...task, title: "a\nb" } },
    422,
    "invalid",
    "title: must be one line without control characters",
  ],
  [
    "POST /tasks",
    { body: { ...task, title: "\u001b[31mred" } },
    422,
    "invalid",
    "title: must be one line without control characters",
  ],
  [
    "POST /tasks",
    { body: { ...task, title: "x".repeat(201) } },
    422,
    "invalid",
    "title: must be at most 200 characters",
  ],
  [
    "POST /tasks",
    { body: { ...task, max_attempts: 0 } },
    422,
    "invalid",
    "max_attempts: must be at least 1",
  ],
  [
    "POST /tasks",
    { body: { ...task, max_attempts: 1.5 } },
    422,
    "invalid",
    "max_attempts: must be a whole number",
  ],
  [
    "POST /tasks",
    { body: { ...task, max_attempts: "3" } },
    422,
    "invalid",
    "max_attempts: must be a number",
  ],
  [
    "POST /tasks",
    { body: { ...task, max_attempts: 101 } },
    422,
    "invalid",
    "max_attempts: must be at most 100",
  ],
  [
    "POST /tasks",
    { body: { ...task, max_minutes: 0 } },
    422,
    "invalid",
    "max_minutes: must be more than 0",
  ],
  [
    "POST /tasks",
    { body: { ...task, deadline: "soon" } },
    422,
    "invalid",
    "deadline: must be a time like 2026-01-31T18:00:00Z",
  ],
  [
    "POST /tasks",
    { body: { ...task, deadline: "2001-01-01T00:00:00Z" } },
    422,
    "invalid",
    "deadline: has passed already",
  ],
  [
    "POST /tasks",
    { body: { ...task, branch: "a..b" } },
    422,
    "invalid",
    'branch: must not hold ".." or "@{"',
  ],
  [
    "POST /tasks",
    { body: { ...task, branch: "--upload-pack=x" } },
    422,
    "invalid",
    'branch: must not begin with "-"',
  ],
  [
    "POST /tasks",
    { body: { ...task, base: "-x" } },
    422,
    "invalid",
    'base: must not begin with "-"',
  ],
  [
    "POST /tasks",
    { body: { ...task, branch: "main" } },
    422,
    "invalid",
    "branch: is the base: ampx works on a branch of its own",
  ],
  [
    "POST /tasks",
    { body: { ...task, repo: "--upload-pack=x" } },
    422,
    "invalid",
    'repo: must not begin with "-"',
  ],
  [
    "POST /tasks",
    { body: { ...task, repo: "https://ada:pw@host/x" } },
    422,
    "invalid",
    "repo: must not hold a password",
  ],
  ["POST /tasks", { body: { ...task, repo: "/elsewhere" } }, 404, "not-found"],
  ["POST /tasks", { body: [] }, 422, "invalid", "body: must be an object"],
  ["POST /tasks", { body: "null" }, 422, "invalid", "body: must be an object"],
  ["POST /tasks", { body: "{" }, 400, "malformed-json"],
  ["POST /tasks", { body: "" }, 400, "malformed-json"],
  ["POST /tasks", { body: '{"a":1}x' }, 400, "malformed-json"],
  ["POST /tasks", {}, 415, "unsupported-media-type"],
  [
    "POST /tasks",
    { body: task, headers: { "Content-Type": "text/plain" } },
    415,
    "unsupported-media-type",
  ],
  [
    "POST /tasks",
    { body: task, headers: { "Content-Type": "application/x-www-form-urlencoded" } },
    415,
    "unsupported-media-type",
  ],
  [
    "POST /tasks",
    { body: task, headers: { "Content-Type": "text/plain; application/json" } },
    415,
    "unsupported-media-type",
  ],
  [
    "POST /tasks",
    { body: task, headers: { "Content-Type": "application/json; charset=utf-16" } },
    415,
    "unsupported-media-type",
  ],
  [
    "POST /tasks",
    { body: task, headers: { "Content-Encoding": "gzip" } },
    415,
    "unsupported-media-type",
  ],
  ["POST /tasks", { body: task, without: ["Content-Type"] }, 415, "unsupported-media-type"],
  ["POST /tasks", { body: task, headers: { "Idempotency-Key": "" } }, 400, "bad-request"],
  ["POST /tasks", { body: task, headers: { "Idempotency-Key": "two words" } }, 400, "bad-request"],
  [
    "POST /tasks",
    { body: task, headers: { "Idempotency-Key": "k".repeat(256) } },
    400,
    "bad-request",
  ],
  ["POST /tasks", { body: task, headers: { Expect: "a miracle" } }, 417, "expectation-failed"],

  ["GET /tasks?limit=0", {}, 422, "invalid", "limit: must be at least 1"],
  ["GET /tasks?limit=501", {}, 422, "invalid", "limit: must be at most 500"],
  ["GET /tasks?limit=ten", {}, 422, "invalid", "limit: must be a number"],
  ["GET /tasks?limit=1&limit=2", {}, 422, "invalid", "limit: is given twice"],
  [
    "GET /tasks?status=done",
    {},
    422,
    "invalid",
    "status: must be one of queued, running, retrying, needs_review, success, aborted, error",
  ],
  [
    "GET /tasks?status=",
    {},
    422,
    "invalid",
    "status: must be one of queued, running, retrying, needs_review, success, aborted, error",
  ],
  ["GET /tasks?cursor=x", {}, 422, "invalid"],
  ["GET /tasks?page=2", {}, 422, "invalid", "page: is not known"],
  ["GET /tasks?__proto__[x]=1", {}, 422, "invalid", "__proto__[x]: is not known"],

  ["GET /tasks/zzzzzz", {}, 404, "not-found"],
  ["GET /tasks/01ARZ3NDEKTSV4RRFFQ69G5FAV", {}, 404, "not-found"],
  ["GET /tasks/..%2f..%2fetc", {}, 404, "not-found"],
  ["GET /tasks/%25", {}, 404, "not-found"],
  ["GET /tasks/%", {}, 400, "bad-request"],
  ["GET /tasks/%ff", {}, 400, "bad-request"],

  ["PATCH /tasks/zzzzzz", { body: { action: "abort" } }, 404, "not-found"],
  [
    "PATCH /tasks/ID",
    { body: {} },
    422,
    "invalid",
    "action: must be one of continue, answer, attach, detach, abort, merge",
  ],
  [
    "PATCH /tasks/ID",
    { body: { action: "stop" } },
    422,
    "invalid",
    "action: must be one of continue, answer, attach, detach, abort, merge",
  ],
  [
    "PATCH /tasks/ID",
    { body: { action: "continue", prompt: 7 } },
    422,
    "invalid",
    "prompt: must be a text",
  ],
  [
    "PATCH /tasks/ID",
    { body: { action: "continue", allow: ["test_skipped"] } },
    422,
    "invalid",
    `allow: must be one of base_is_red, overlaps, ${ruleNames.join(", ")}`,
  ],
  [
    "PATCH /tasks/ID",
    { body: { action: "continue", prompt: "" } },
    422,
    "invalid",
    "prompt: must not be empty",
  ],
  [
    "PATCH /tasks/ID",
    { body: { action: "abort", prompt: "x" } },
    422,
    "invalid",
    "prompt: is not known",
  ],
  [
    "PATCH /tasks/ID",
    { body: { action: "merge", by: "a\tb" } },
    422,
    "invalid",
    "by: must be one line without control characters",
  ],
  ["PATCH /tasks/ID", { body: "abort" }, 400, "malformed-json"],
  [
    "PATCH /tasks/ID",
    { body: { action: "abort" }, headers: { "Content-Type": "text/plain" } },
    415,
    "unsupported-media-type",
  ],

  ["GET /tasks/zzzzzz/logs", {}, 404, "not-found"],
  ["GET /tasks/ID/logs?tail=-1", {}, 422, "invalid", "tail: must be at least 0"],
  ["GET /tasks/ID/logs?tail=100001", {}, 422, "invalid", "tail: must be at most 100000"],
  [
    "GET /tasks/ID/logs?stream=stdout",
    {},
    422,
    "invalid",
    "stream: must be one of worker, agent, ci",
  ],
  ["GET /tasks/ID/logs?attempt=0", {}, 422, "invalid", "attempt: must be at least 1"],
  ["GET /tasks/ID/logs?follow=1", {}, 422, "invalid", "follow: is not known"],
  [
    "GET /tasks/ID/logs",
    { headers: { Accept: "text/event-stream", "Last-Event-ID": "x" } },
    400,
    "bad-request",
  ],

  ["GET /tasks/zzzzzz/events", {}, 404, "not-found"],
  ["GET /tasks/ID/events?after=-1", {}, 422, "invalid", "after: must be at least 0"],
  ["GET /events?after=1.5", {}, 422, "invalid", "after: must be a whole number"],
  ["GET /events?after=999", {}, 422, "invalid", "after: is ahead of the newest event, 1"],
  [
    "GET /events",
    { headers: { "Last-Event-ID": "999" } },
    422,
    "invalid",
    "after: is ahead of the newest event, 1",
  ],
  ["GET /events", { headers: { "Last-Event-ID": "-1" } }, 400, "bad-request"],
  ["GET /events", { headers: { Accept: "application/json" } }, 406, "not-acceptable"],

  ["GET /", {}, 404, "not-found"],
  ["GET /nothing", {}, 404, "not-found"],
  ["GET /api", {}, 404, "not-found"],
  ["GET /api/api/tasks", {}, 404, "not-found"],
  ["GET /TASKS", {}, 404, "not-found"],
  ["GET http://127.0.0.1/tasks", {}, 400, "bad-request"],
  ["OPTIONS *", {}, 400, "bad-request"],
];

describe("a wrong request is answered with the exact problem", () => {
  it.each(table)("%s %j: %i %s", async (request, sending, status, kind, ...fields) => {
    await using at = await startTestApi();
    const { id } = await at.create();
    const [method = "", path = ""] = request.replace("ID", id).split(" ");
    const answer = await at.send(method, path, sending);
    const problem = problemIn(answer);
    expect([problem.status, problem.type]).toEqual([status, `urn:ampx:problem:${kind}`]);
    expect((problem.errors ?? []).map(({ field, message }) => `${field}: ${message}`)).toEqual(
      fields,
    );
    expect(problem.detail).not.toBe("");
    expect(answer.headers).toMatchObject({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
    });
    expect(answer.headers).not.toHaveProperty("x-powered-by");
    expect(at.bugs).toEqual([]);
    expect((await at.store.listTasks({ limit: 10 })).total).toBe(1);
    expect(await at.store.lastEventId()).toBe(1);
  });
});

const allowed = {
  "/tasks": "POST, GET, HEAD, OPTIONS",
  "/tasks/x": "GET, PATCH, HEAD, OPTIONS",
  "/tasks/x/logs": "GET, HEAD, OPTIONS",
  "/tasks/x/events": "GET, HEAD, OPTIONS",
  "/events": "GET, HEAD, OPTIONS",
  "/status": "GET, HEAD, OPTIONS",
  "/healthz": "GET, HEAD, OPTIONS",
  "/openapi.json": "GET, HEAD, OPTIONS",
};

describe("a method that a route does not have", () => {
  it.each(Object.entries(allowed))("is refused on %s with what it has: %s", async (path, allow) => {
    await using at = await startTestApi();
    for (const method of ["DELETE", "PUT", "TRACE", "PURGE", "POST", "PATCH"]) {
      if (allow.includes(method)) continue;
      const answer = await at.send(method, path);
      expect(problemIn(answer), method).toMatchObject({
        status: 405,
        type: "urn:ampx:problem:method-not-allowed",
      });
      expect(answer.headers["allow"]).toBe(allow);
    }
    const options = await at.send("OPTIONS", path);
    expect([options.status, options.headers["allow"], options.text]).toEqual([204, allow, ""]);
  });
});

it("answers HEAD as GET without a body, and does not keep a stream open for it", async () => {
  await using at = await startTestApi();
  const { id } = await at.create();
  for (const path of ["/healthz", "/tasks", `/tasks/${id}`, "/status", "/openapi.json"]) {
    const [head, get] = [await at.send("HEAD", path), await at.send("GET", path)];
    expect([head.status, head.text], path).toEqual([200, ""]);
    expect(head.headers["content-length"]).toBe(get.headers["content-length"]);
  }
  for (const path of ["/events", `/tasks/${id}/events`, `/tasks/${id}/logs`]) {
    const answer = await at.send("HEAD", path, { headers: { Accept: "text/event-stream" } });
    expect([answer.status, answer.headers["content-type"]], path).toEqual([
      200,
      "text/event-stream; charset=utf-8",
    ]);
  }
});

it("tells of a bug nothing but that there is one, and logs it", async () => {
  const bug = new Error("the database is at /home/ada/secret-place");
  await using at = await startTestApi({
    repositories: { resolve: () => Promise.reject(bug) },
  });
  const answer = await at.send("POST", "/tasks", { body: task });
  expect(problemIn(answer)).toEqual({
    type: "urn:ampx:problem:internal",
    title: "Something went wrong in the server",
    status: 500,
    detail: "A bug: the server's log tells more.",
    try_this: "ampx status",
  });
  expect(at.bugs).toEqual([bug]);
});

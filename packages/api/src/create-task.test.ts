import { setTimeout as sleep } from "node:timers/promises";
import { TaskDetail, UserError, shortId } from "@ampx/core";
import { thisProcess } from "@ampx/store";
import { describe, expect, it } from "vitest";
import { able, type ApiUnderTest, problemIn, secret, startTestApi } from "./fixture.ts";

describe("POST /tasks", () => {
  it("answers with id, short id, branch and title, and says where the task is", async () => {
    await using at = await startTestApi();
    const body = { repo: "/repos/app", prompt: "Fix the login\n\nIt fails on Mondays." };
    for (const prefix of ["", "/api"]) {
      const answer = await at.send("POST", `${prefix}/tasks`, { body });
      expect(answer.status).toBe(201);
      const created = JSON.parse(answer.text);
      expect(created).toEqual({
        id: expect.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/),
        short_id: shortId(created.id),
        branch: `amp/fix-the-login-${shortId(created.id)}`,
        title: "Fix the login",
      });
      expect(answer.headers["location"]).toBe(`${prefix}/tasks/${created.id}`);
      expect((await at.send("GET", String(answer.headers["location"]))).status).toBe(200);
    }
  });

  it("takes what the request does not say from the project, then from the server", async () => {
    await using at = await startTestApi({
      repositories: {
        resolve: async (repo, base) => ({
          repo: `/real${repo}`,
          base: base ?? "trunk",
          defaults: { maxAttempts: 2, branchPrefix: "bot/" },
        }),
      },
    });
    const { id, branch } = await at.create({});
    expect(branch).toMatch(/^bot\/fix-the-login-/);
    expect(await detail(at, id)).toMatchObject({
      repo: "/real/repos/app",
      base: "trunk",
      status: "queued",
      phase: "queued",
      agent: "scripted",
      created_by: "ada",
      max_attempts: 2,
      max_minutes: 60,
      deadline: null,
      attempts: 0,
    });
  });

  it("takes an issue for what to do, of a repository that has some", async () => {
    const resolve = async (repo: string) => ({
      repo: repo === "shop" ? "https://github.com/acme/shop.git" : repo,
      base: "HEAD",
      hasIssues: repo === "shop",
    });
    await using at = await startTestApi({ repositories: { resolve } });
    const created = await at.send("POST", "/tasks", { body: { repo: "shop", issue: 12 } });
    expect(created.status).toBe(201);
    const { id, title, branch, short_id } = JSON.parse(created.text);
    expect([title, branch]).toEqual(["Issue #12", `amp/issue-12-${short_id}`]);
    expect(await detail(at, id)).toMatchObject({
      issue: { number: 12, url: "https://github.com/acme/shop/issues/12" },
      prompt: "Do what issue #12 asks for.",
    });
    const { id: other } = await at.create({ repo: "shop", issue: 12, prompt: "Only the title." });
    expect(await detail(at, other)).toMatchObject({ prompt: "Only the title." });
    const refused = await at.send("POST", "/tasks", { body: { repo: "/repos/app", issue: 12 } });
    expect(problemIn(refused).errors).toEqual([
      { field: "issue", message: "is of a repository on GitHub, which this one is not" },
    ]);
  });

  it("refuses a branch that another task of the repository works on", async () => {
    await using at = await startTestApi();
    const first = await at.create({ branch: "fix/login" });
    const answer = await at.send("POST", "/tasks", {
      body: { repo: "/repos/app", prompt: "Again", branch: "fix/login" },
    });
    expect(answer.status).toBe(409);
    expect(JSON.parse(answer.text).detail).toBe(
      `Task ${shortId(first.id)} works on branch fix/login of this repository`,
    );
  });

  it("answers a repeated request as before though its repository is gone meanwhile", async () => {
    let isGone = false;
    await using at = await startTestApi({
      repositories: {
        resolve: async (repo, base) => {
          if (isGone) throw new UserError(`${repo} does not exist`, { kind: "not_found" });
          return { repo, base: base ?? "main" };
        },
      },
    });
    const body = { repo: "/repos/app", prompt: "Once" };
    const headers = { "idempotency-key": "once" };
    const first = await at.send("POST", "/tasks", { body, headers });
    isGone = true;
    const second = await at.send("POST", "/tasks", { body, headers });
    expect([second.status, second.text]).toEqual([201, first.text]);
  });

  it("takes what the request says before all else", async () => {
    await using at = await startTestApi();
    const wishes = {
      title: "Log in",
      base: "develop",
      branch: "fix/login",
      agent: "amp",
      max_attempts: 9,
      max_minutes: 0.5,
      created_by: "bob",
    };
    const { id, branch, title } = await at.create({
      ...wishes,
      prompt: "  x  ",
      deadline: "2999-01-01T02:00:00+02:00",
    });
    expect([branch, title]).toEqual(["fix/login", "Log in"]);
    const expected = { ...wishes, prompt: "x", deadline: "2999-01-01T00:00:00.000Z" };
    expect(await detail(at, id)).toMatchObject(expected);
  });

  it("tells in the words of the one who looked why a repository cannot be used", async () => {
    const kinds = {
      invalid: 422,
      not_found: 404,
      conflict: 409,
      unreachable: 503,
      failed: 500,
    } as const;
    for (const [kind, status] of Object.entries(kinds)) {
      const error = new UserError("No git repository at /x", {
        kind: kind as keyof typeof kinds,
        tryThis: "git init /x",
      });
      await using at = await startTestApi({
        repositories: { resolve: () => Promise.reject(error) },
      });
      const answer = await at.send("POST", "/tasks", { body: { repo: "/x", prompt: "x" } });
      expect(problemIn(answer), kind).toMatchObject({
        status,
        detail: "No git repository at /x",
        try_this: "git init /x",
      });
    }
  });

  it("refuses a known secret in any field, names the field, and keeps the value nowhere", async () => {
    await using at = await startTestApi();
    for (const field of ["prompt", "title", "repo", "base", "branch", "agent", "created_by"]) {
      const body = { repo: "/repos/app", prompt: "Fix", [field]: `/repos/${secret}` };
      const answer = await at.send("POST", "/tasks", { body });
      expect(problemIn(answer)).toMatchObject({
        status: 422,
        type: "urn:ampx:problem:secret",
        errors: [{ field }],
      });
      expect(answer.text).not.toContain(secret);
    }
    const body = { repo: "/repos/app", prompt: "Fix" };
    const answer = await at.send("POST", "/tasks", {
      body,
      headers: { "Idempotency-Key": secret },
    });
    expect(problemIn(answer).errors?.[0]?.field).toBe("Idempotency-Key");
    expect((await at.store.listTasks({ limit: 1 })).total).toBe(0);
  });

  it("takes another id when the short one is in use", async () => {
    const ids = [
      "01ARZ3NDEKTSV4RRFFQ6AAAAAA",
      "01BRZ3NDEKTSV4RRFFQ6AAAAAA",
      "01BRZ3NDEKTSV4RRFFQ6BBBBBB",
    ];
    await using at = await startTestApi({ newId: () => ids.shift() ?? "" });
    expect((await at.create()).short_id).toBe("aaaaaa");
    expect((await at.create()).short_id).toBe("bbbbbb");
  });

  it("answers with hostile text escaped", async () => {
    await using at = await startTestApi();
    const title = "a\u009b31m\u202egpj.exe\u2028</script>";
    const answer = await at.send("POST", "/tasks", {
      body: { repo: "/repos/app", prompt: "\u001b]0;x\u0007", title: title.replace("\u009b", "") },
    });
    const { id } = JSON.parse(answer.text);
    const shown = await at.send("GET", `/tasks/${id}`);
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    expect(shown.text.trimEnd()).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/);
    expect(TaskDetail.parse(JSON.parse(shown.text))).toMatchObject({
      prompt: "\u001b]0;x\u0007",
      title: title.replace("\u009b", ""),
    });
  });
});

describe("the agent", () => {
  const report = { id: "w1", holder: { host: "here", pid: 1, startedAt: "1" }, slots: 3 };
  const healthy = { name: "scripted", command: "node", version: "1", problems: [], can: able };
  const broken = {
    name: "amp",
    command: null,
    version: null,
    problems: [{ what: "AMP_API_KEY is not set", tryThis: "export AMP_API_KEY=…" }],
    can: able,
  };

  it("is refused when the worker does not know it or cannot run it, with what to do", async () => {
    await using at = await startTestApi();
    await at.store.reportWorker({ ...report, aliveAt: Date.now(), agents: [healthy, broken] });
    const ask = async (agent: string) =>
      problemIn(
        await at.send("POST", "/tasks", { body: { repo: "/repos/app", prompt: "x", agent } }),
      );
    expect(await ask("amp")).toMatchObject({
      status: 422,
      try_this: "export AMP_API_KEY=…",
      errors: [{ field: "agent", message: '"amp" cannot run: AMP_API_KEY is not set' }],
    });
    expect(await ask("hal")).toMatchObject({
      status: 422,
      try_this: "one of amp, scripted",
      errors: [{ field: "agent", message: '"hal" is not known to the worker' }],
    });
    expect((await at.create({ agent: "scripted" })).branch).toContain("amp/");
  });

  it("is asked of the worker of a server that has just been started", async () => {
    await using at = await startTestApi({ workerPatienceMs: 10_000 });
    const asked = at.send("POST", "/tasks", {
      body: { repo: "/repos/app", prompt: "x", agent: "amp" },
    });
    await sleep(300);
    await at.store.reportWorker({ ...report, aliveAt: Date.now(), agents: [broken] });
    expect(problemIn(await asked)).toMatchObject({
      status: 422,
      errors: [{ field: "agent", message: '"amp" cannot run: AMP_API_KEY is not set' }],
    });
    expect((await at.store.listTasks({ limit: 1 })).total).toBe(0);
  });

  it("is accepted when no worker tells in time", async () => {
    await using at = await startTestApi({ workerPatienceMs: 200 });
    const started = performance.now();
    await at.create({ agent: "amp" });
    expect(performance.now() - started).toBeGreaterThan(150);
  });

  it("is not judged by what a worker said that has ended since", async () => {
    await using at = await startTestApi();
    const holder = { ...thisProcess(), pid: 2 ** 22 + 1 };
    await at.store.reportWorker({ ...report, holder, aliveAt: Date.now(), agents: [broken] });
    await at.create({ agent: "amp" });
  });

  it("holds up no server that ends", async () => {
    await using at = await startTestApi({ workerPatienceMs: 60_000 });
    const watched = Promise.withResolvers<void>();
    const { store } = at;
    await using other = await startTestApi({
      workerPatienceMs: 60_000,
      store: { ...store, watch: () => (watched.resolve(), store.watch()) },
    });
    const asked = other.send("POST", "/tasks", { body: { repo: "/repos/app", prompt: "x" } });
    await watched.promise;
    await other.api.close();
    expect((await asked).status).toBe(503);
  });

  it("is accepted while no worker lives that could know", async () => {
    await using at = await startTestApi();
    await at.store.reportWorker({ ...report, aliveAt: Date.now() - 60_000, agents: [broken] });
    await at.create({ agent: "amp" });
  });
});

describe("an Idempotency-Key", () => {
  const body = { repo: "/repos/app", prompt: "Fix it" };

  it("gives the same answer to the same request, whatever the order of its fields", async () => {
    await using at = await startTestApi();
    const headers = { "Idempotency-Key": '"8e03978e-40d5-43dd-bc93-6894a57f9324"' };
    const first = await at.send("POST", "/tasks", { body, headers });
    const bare = { "Idempotency-Key": "8e03978e-40d5-43dd-bc93-6894a57f9324" };
    const again = await at.send("POST", "/tasks", {
      body: { prompt: body.prompt, repo: body.repo },
      headers: bare,
    });
    expect([again.status, again.text, again.headers["location"]]).toEqual([
      201,
      first.text,
      first.headers["location"],
    ]);
    expect((await at.store.listTasks({ limit: 1 })).total).toBe(1);
  });

  it("is refused with another body", async () => {
    await using at = await startTestApi();
    const headers = { "Idempotency-Key": "k" };
    await at.send("POST", "/tasks", { body, headers });
    const answer = await at.send("POST", "/tasks", { body: { ...body, max_attempts: 2 }, headers });
    expect(problemIn(answer)).toMatchObject({ status: 422, type: "urn:ampx:problem:key-reused" });
    expect((await at.store.listTasks({ limit: 1 })).total).toBe(1);
  });

  it("makes one task of twenty requests at once", async () => {
    await using at = await startTestApi();
    const headers = { "Idempotency-Key": "race" };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => at.send("POST", "/tasks", { body, headers })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(201));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect((await at.store.listTasks({ limit: 1 })).total).toBe(1);
  });
});

describe("a body", () => {
  it("is taken up to a mebibyte", async () => {
    await using at = await startTestApi();
    const text = JSON.stringify({ repo: "/repos/app", prompt: "\u0001".repeat(170_000) });
    expect((await at.send("POST", "/tasks", { body: text.padEnd(1024 * 1024) })).status).toBe(201);
    for (const size of [1024 * 1024 + 1, 4 * 1024 * 1024]) {
      const answer = await at.send("POST", "/tasks", { body: text.padEnd(size) });
      expect(problemIn(answer)).toMatchObject({
        status: 413,
        type: "urn:ampx:problem:body-too-large",
      });
    }
    expect((await at.store.listTasks({ limit: 1 })).total).toBe(1);
  });

  it("is cut off when it has no end", async () => {
    await using at = await startTestApi();
    let sent = 0;
    const endless = new ReadableStream({
      pull: (controller) => {
        sent += 65_536;
        controller.enqueue(new Uint8Array(65_536).fill(32));
      },
    });
    const headers = {
      Authorization: "Bearer test-token-0123456789abcdef",
      "Content-Type": "application/json",
    };
    await fetch(`${at.api.url}/tasks`, {
      method: "POST",
      body: endless,
      headers,
      duplex: "half",
    }).catch(() => {}); // its answer may be lost
    expect(sent).toBeLessThan(64 * 1024 * 1024);
    expect((await at.send("GET", "/healthz")).status).toBe(200);
  });

  it("that must be UTF-8 is refused when it is not", async () => {
    await using at = await startTestApi();
    const headers = {
      Authorization: "Bearer test-token-0123456789abcdef",
      "Content-Type": "application/json",
    };
    const answer = await fetch(`${at.api.url}/tasks`, {
      method: "POST",
      body: Buffer.from('{"repo":"\xff"}', "latin1"),
      headers,
    });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([
      400,
      "application/problem+json",
    ]);
    await answer.body?.cancel();
  });
});

async function detail(at: ApiUnderTest, id: string) {
  return TaskDetail.parse(JSON.parse((await at.send("GET", `/tasks/${id}`)).text));
}

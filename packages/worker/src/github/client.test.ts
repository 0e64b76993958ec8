import { generateKeyPairSync } from "node:crypto";
import { TransientError } from "@ampx/core";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { createGitHubClient } from "./client.ts";
import { createCredentials, type Identity } from "./credentials.ts";
import { handClock, standIn, type Asked, type Reply } from "./fixture.ts";
import { GitHubRefusal } from "./refusal.ts";

const repository = { owner: "acme", name: "shop" };
const any = z.unknown();
const { signal } = new AbortController();
const call = { repository, signal };
const person: Identity = { is: "token", token: "ghp_secret", from: "GH_TOKEN" };

async function world(
  reply: (asked: Asked) => Reply | undefined,
  identity: Identity = person,
  more: { turnPatienceMs?: number } = {},
) {
  const server = await standIn(reply);
  const clock = handClock();
  const credentials = createCredentials({ api: server.url, identity, clock });
  const client = createGitHubClient({
    api: server.url,
    graphql: `${server.url}/graphql`,
    credentials,
    clock,
    ...more,
  });
  return { server, clock, client, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe("reading", () => {
  test("what has not changed is answered from memory, by its ETag", async () => {
    await using w = await world(() => ({ body: { a: 1 }, headers: { etag: '"one"' } }));
    expect(await w.client.get("/x", any, call)).toEqual({ a: 1 });
    expect(await w.client.get("/x", any, call)).toEqual({ a: 1 });
    expect(w.server.asked.map(({ headers }) => headers["if-none-match"])).toEqual([
      undefined,
      '"one"',
    ]);
  });

  test("equal questions of many tasks are one request, at once and within a tick", async () => {
    await using w = await world(() => ({ body: [1] }));
    await Promise.all(
      Array.from({ length: 50 }, () => w.client.get("/runs", any, { ...call, freshMs: 5_000 })),
    );
    w.clock.pass(4_000);
    await w.client.get("/runs", any, { ...call, freshMs: 5_000 });
    expect(w.server.asked).toHaveLength(1);
    w.clock.pass(2_000);
    await w.client.get("/runs", any, { ...call, freshMs: 5_000 });
    expect(w.server.asked).toHaveLength(2);
  });

  test("a clock that is set back by an hour makes no answer of before fresh", async () => {
    await using w = await world(() => ({ body: [1] }));
    const fresh = { ...call, freshMs: 60_000 };
    await w.client.get("/runs", any, fresh);
    w.clock.pass(-3_600_000);
    await w.client.get("/runs", any, fresh);
    expect(w.server.asked).toHaveLength(2);
    w.clock.pass(1_000);
    await w.client.get("/runs", any, fresh);
    expect(w.server.asked).toHaveLength(2);
  });

  test("what was asked before the news is old however fresh it is, and those who are told at once ask once", async () => {
    await using w = await world(() => ({ body: [1] }));
    const fresh = { ...call, freshMs: 60_000 };
    await w.client.get("/runs", any, fresh);
    w.clock.pass(1_000);
    const told = { ...fresh, newsAt: w.clock.now() };
    await Promise.all(Array.from({ length: 100 }, () => w.client.get("/runs", any, told)));
    expect(w.server.asked).toHaveLength(2);
    w.clock.pass(1_000);
    await w.client.get("/runs", any, told);
    await w.client.get("/runs", any, fresh);
    expect(w.server.asked).toHaveLength(2);
  });

  test("a question that is under way when the news come is not shared, and does not hide the newer answer", async () => {
    const first = Promise.withResolvers<void>();
    let asked = 0;
    await using w = await world(() => {
      asked += 1;
      if (asked > 1) return { body: ["new"] };
      return (_request, response) => {
        void first.promise.then(() => response.writeHead(200).end('["old"]'));
      };
    });
    const fresh = { ...call, freshMs: 60_000 };
    const old = w.client.get("/runs", any, fresh);
    await vi.waitFor(() => expect(asked).toBe(1));
    w.clock.pass(5);
    const told = { ...fresh, newsAt: w.clock.now() };
    expect(await w.client.get("/runs", any, told)).toEqual(["new"]);
    first.resolve();
    expect(await old).toEqual(["old"]);
    expect(await w.client.get("/runs", any, told)).toEqual(["new"]);
    expect(asked).toBe(2);
  });

  test("the signal of one task does not end the question of another", async () => {
    const let_ = Promise.withResolvers<void>();
    await using w = await world(() => (_request, response) => {
      void let_.promise.then(() => response.writeHead(200).end("[]"));
    });
    const first = new AbortController();
    const one = w.client.get("/runs", any, { repository, signal: first.signal });
    const two = w.client.get("/runs", any, call);
    one.catch(() => undefined);
    first.abort(new Error("aborted by a person"));
    await expect(one).rejects.toThrow("aborted by a person");
    let_.resolve();
    expect(await two).toEqual([]);
  });

  test("pages follow their links, but not to another host", async () => {
    await using w = await world(({ path }) =>
      path === "/list"
        ? {
            body: [1],
            headers: { link: `<${w.server.url}/repositories/7/list?page=2>; rel="next"` },
          }
        : {
            body: [2],
            headers: { link: '<https://evil.test/page=3>; rel="next", </x>; rel="last"' },
          },
    );
    expect(await w.client.pages("/list", any, call)).toEqual([[1], [2]]);
  });

  test("a renamed repository is found where it is now", async () => {
    await using w = await world(({ path }) =>
      path === "/repos/acme/shop"
        ? {
            status: 301,
            headers: { location: "/repositories/7" },
            body: { message: "Moved Permanently" },
          }
        : { body: { full_name: "acme/store" } },
    );
    expect(await w.client.get("/repos/acme/shop", any, call)).toEqual({ full_name: "acme/store" });
  });
});

describe("what went wrong", () => {
  const cases: [string, Reply, string | RegExp][] = [
    ["500", { status: 500, body: { message: "Server Error" } }, "with 500: Server Error"],
    ["502 with a page of a proxy", { status: 502, body: "<html>Bad Gateway</html>" }, "with 502"],
    [
      "HTML in the place of JSON",
      { status: 200, body: "<html>Sign in</html>" },
      "is not JSON but text/html",
    ],
    ["another shape than documented", { body: { a: "text" } }, "is not as documented: a"],
    ["a connection that is cut", (request) => void request.socket.destroy(), "could not be asked"],
    [
      "a cut body",
      (request, response) => {
        response
          .writeHead(200, { "content-type": "application/json", "content-length": "100" })
          .write('{"a":');
        setImmediate(() => request.socket.destroy());
      },
      "could not be asked",
    ],
  ];
  test.each(cases)("%s is for later, and is not asked again", async (_, reply, words) => {
    await using w = await world(() => reply);
    const schema = z.object({ a: z.number() });
    const read = w.client.get("/x", schema, call);
    await expect(read).rejects.toThrow(TransientError);
    await expect(read).rejects.toThrow(words);
    const sent = w.client.send("POST", "/x", {}, schema, call);
    await expect(sent).rejects.toThrow(TransientError);
    expect(w.server.asked.map(({ method }) => method)).toEqual(["GET", "POST"]);
  });

  test.each([401, 403, 404, 410, 451])(
    "%d is for a person, in GitHub's own words",
    async (status) => {
      await using w = await world(() => ({ status, body: { message: "Said so" } }));
      const error = await w.client.get("/x", any, call).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(GitHubRefusal);
      expect(error).toMatchObject({ status, said: "Said so" });
      expect(w.server.asked).toHaveLength(1);
    },
  );

  test("403 names the permission that GitHub asks for", async () => {
    const headers = { "x-accepted-github-permissions": "checks=read" };
    await using w = await world(() => ({
      status: 403,
      body: { message: "Resource not accessible by integration" },
      headers,
    }));
    await expect(w.client.get("/x", any, call)).rejects.toThrow("it needs checks=read");
  });

  test.each([404, 405, 409, 422])("%d of a change is a value", async (status) => {
    const body = {
      message: "Validation Failed",
      errors: [{ message: "A pull request already exists for acme:x." }],
    };
    await using w = await world(() => ({ status, body }));
    expect(await w.client.send("POST", "/pulls", {}, any, call)).toEqual({
      is: "refused",
      status,
      said: "Validation Failed; A pull request already exists for acme:x.",
    });
  });
});

describe("changes", () => {
  const reply = ({ path }: Asked): Reply => (path === "/hung" ? () => {} : { body: {} });

  test("are made one after the other, and one whose task is aborted holds up nobody", async () => {
    await using w = await world(reply);
    const aborted = new AbortController();
    const hung = w.client.send("POST", "/hung", {}, any, { ...call, signal: aborted.signal });
    const next = w.client.send("POST", "/next", {}, any, call);
    await expect.poll(() => w.server.asked.map(({ path }) => path)).toEqual(["/hung"]);
    aborted.abort(new Error("by a person"));
    await expect(hung).rejects.toThrow("by a person");
    expect(await next).toEqual({ is: "done", value: {} });
  });

  test("do not wait for ever behind one without an answer, and are not made once that was given up", async () => {
    await using w = await world(reply, person, { turnPatienceMs: 200 });
    const aborted = new AbortController();
    const hung = w.client.send("POST", "/hung", {}, any, { ...call, signal: aborted.signal });
    await expect(w.client.send("POST", "/next", {}, any, call)).rejects.toThrow(TransientError);
    aborted.abort(new Error("by a person"));
    await expect(hung).rejects.toThrow("by a person");
    await w.client.send("POST", "/later", {}, any, call);
    expect(w.server.asked.map(({ path }) => path)).toEqual(["/hung", "/later"]);
  });
});

describe("limits", () => {
  const inSeconds = (seconds: number) => String(Math.floor(Date.now() / 1_000) + seconds);
  const primary = () => ({
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "0",
    "x-ratelimit-reset": inSeconds(600),
  });
  const cases: [string, number, Record<string, string>, number][] = [
    ["403 primary", 403, primary(), 600_000],
    ["429 primary", 429, primary(), 600_000],
    ["403 secondary with retry-after", 403, { "retry-after": "30" }, 30_000],
    ["429 secondary with retry-after", 429, { "retry-after": "30" }, 30_000],
    ["429 without headers", 429, {}, 60_000],
    ["403 secondary without headers", 403, {}, 60_000],
  ];
  test.each(cases)(
    "%s closes the client until it is over, and nothing is sent meanwhile",
    async (_, status, headers, ms) => {
      let isOver = false;
      await using w = await world(() =>
        isOver
          ? { body: [] }
          : { status, headers, body: { message: "You have exceeded a secondary rate limit" } },
      );
      await expect(w.client.get("/x", any, call)).rejects.toThrow(TransientError);
      isOver = true;
      w.clock.pass(ms - 5_000);
      await expect(w.client.get("/y", any, call)).rejects.toThrow(/until \d\d:\d\d:\d\d UTC/);
      await expect(w.client.send("POST", "/y", {}, any, call)).rejects.toThrow(TransientError);
      expect(w.server.asked).toHaveLength(1);
      w.clock.pass(8_000);
      expect(await w.client.get("/y", any, call)).toEqual([]);
    },
  );

  test("the last tenth of the hour is kept for people", async () => {
    const headers = {
      "x-ratelimit-limit": "5000",
      "x-ratelimit-remaining": "500",
      "x-ratelimit-reset": inSeconds(600),
    };
    await using w = await world(() => ({ body: [], headers }));
    await w.client.get("/x", any, call);
    await expect(w.client.get("/y", any, call)).rejects.toThrow(
      "500 of 5000 requests an hour are left",
    );
    expect(w.client.left()).toMatchObject([{ scope: "token", left: { remaining: 500 } }]);
  });

  test("no minute takes more than GitHub allows", async () => {
    await using w = await world(() => ({ body: [] }));
    const asked = async () => {
      for (let at = 0; at < 1_000; at++) await w.client.get(`/${at}`, any, call);
    };
    await expect(asked()).rejects.toThrow("within a minute");
    expect(w.server.asked).toHaveLength(700);
    // Set back, the clock must not make an hour of that minute.
    w.clock.pass(-3_600_000);
    await w.client.get("/x", any, call);
    w.clock.pass(3_660_000);
    await w.client.get("/x", any, call);
  });
});

describe("an App", () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs1", format: "pem" }) as string;
  const app: Identity = { is: "app", appId: "42", privateKey: pem };

  function github(more: (asked: Asked) => Reply | undefined) {
    let tokens = 0;
    return (asked: Asked): Reply | undefined => {
      if (asked.path.endsWith("/installation")) return { body: { id: 9 } };
      if (asked.path === "/app/installations/9/access_tokens")
        return {
          status: 201,
          body: {
            token: `ghs_42_${++tokens}`,
            expires_at: new Date(Date.now() + 3_600_000).toISOString(),
            permissions: { checks: "read" },
          },
        };
      return more(asked);
    };
  }

  test("gets one token for many questions, and a new one before it expires", async () => {
    await using w = await world(
      github(() => ({ body: [] })),
      app,
    );
    await Promise.all([1, 2, 3].map((at) => w.client.get(`/${at}`, any, call)));
    const tokens = () => w.server.asked.filter(({ path }) => path.endsWith("access_tokens")).length;
    expect(tokens()).toBe(1);
    expect(w.server.asked.at(-1)?.headers["authorization"]).toBe("Bearer ghs_42_1");
    w.clock.pass(49 * 60_000);
    await w.client.get("/4", any, call);
    expect(tokens()).toBe(1);
    w.clock.pass(2 * 60_000);
    await w.client.get("/5", any, call);
    expect(w.server.asked.at(-1)?.headers["authorization"]).toBe("Bearer ghs_42_2");
  });

  test("replaces a token that GitHub has stopped taking, once", async () => {
    await using w = await world(
      github(({ headers }) =>
        headers["authorization"] === "Bearer ghs_42_2"
          ? { body: [7] }
          : { status: 401, body: { message: "Bad credentials" } },
      ),
      app,
    );
    expect(await w.client.get("/x", any, call)).toEqual([7]);
    await using dead = await world(
      github(() => ({ status: 401, body: { message: "Bad credentials" } })),
      app,
    );
    await expect(dead.client.get("/x", any, call)).rejects.toThrow("does not know the token");
    expect(dead.server.asked.filter(({ path }) => path === "/x")).toHaveLength(2);
  });

  test("signs by GitHub's clock where this machine's is wrong", async () => {
    const iat = (asked: Asked) => {
      const [, payload = ""] = (asked.headers["authorization"] ?? "")
        .replace("Bearer ", "")
        .split(".");
      return (
        (JSON.parse(Buffer.from(payload, "base64url").toString()) as { iat: number }).iat * 1_000
      );
    };
    await using w = await world(
      github(() => ({ body: [] })),
      app,
    );
    w.clock.pass(3_600_000);
    const reply = github(() => ({ body: [] }));
    await using strict = await standIn((asked) =>
      asked.path.endsWith("/installation") && iat(asked) > Date.now()
        ? {
            status: 401,
            body: { message: "'Issued at' claim ('iat') must be an Integer in the past" },
          }
        : reply(asked),
    );
    const credentials = createCredentials({ api: strict.url, identity: app, clock: w.clock });
    expect(await credentials.tokenFor(repository, { signal })).toMatchObject({ token: "ghs_42_1" });
  });

  test.each([
    [
      "a suspended one",
      { status: 403, body: { message: "This installation has been suspended" } },
      /suspended/,
    ],
    [
      "the key of another one",
      { status: 401, body: { message: "A JSON web token could not be decoded" } },
      /does not take App 42/,
    ],
    [
      "one that is not installed",
      { status: 404, body: { message: "Not Found" } },
      /is not installed on acme\/shop/,
    ],
  ])("%s is named", async (_, reply, words) => {
    await using w = await world(() => reply, app);
    await expect(w.client.get("/x", any, call)).rejects.toThrow(words);
  });

  test("a key that is none is named", async () => {
    await using w = await world(() => undefined, { ...app, privateKey: "nonsense" });
    await expect(w.client.get("/x", any, call)).rejects.toThrow(
      "private key of the GitHub App cannot be read",
    );
  });
});

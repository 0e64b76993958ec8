import { createHmac } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { UserError, webhookEvents } from "@ampx/core";
import { expect, test, vi } from "vitest";
import { forwardWebhooks } from "./forward-webhooks.ts";

const secret = "what-only-github-knows";
const { signal } = new AbortController();

test("gh is told where to, the server gets what is signed, and gh never sees the secret", async () => {
  await using place = await makePlace({ extensions: "gh webhook\tcli/gh-webhook\tv0.1.1" });
  const told: unknown[] = [];
  const error = await forwardWebhooks(place.forwarding(), signal, {
    begun: (forwarded) => told.push(forwarded),
  }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ message: "gh webhook forward has ended (exit code 7)" });
  expect(told).toEqual([
    {
      repo: "acme/shop",
      events: [...webhookEvents],
      to: `${place.server}/webhooks/github`,
    },
  ]);
  expect(place.got).toEqual([
    ["ping", "{}", true],
    ["workflow_run", '{"é":1}', true],
  ]);
  const heard = await readFile(place.heard, "utf8");
  const [status, args, env] = JSON.parse(heard) as [number, string[], string];
  expect(status).toBe(202);
  expect(args.slice(0, 4)).toEqual([
    "webhook",
    "forward",
    "--repo=acme/shop",
    `--events=${webhookEvents.join(",")}`,
  ]);
  expect(args[4]).toMatch(/^--url=http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32}$/);
  expect(args[5]).toBe("--github-host=git.acme.test");
  expect(heard + env).not.toContain(secret);
});

test("Ctrl-C ends gh, and leaves nothing behind", async () => {
  await using place = await makePlace({ stays: true });
  const stop = new AbortController();
  const forwarding = forwardWebhooks(place.forwarding(), stop.signal, { begun: () => {} });
  forwarding.catch(() => undefined);
  await vi.waitFor(() => expect(place.got).toHaveLength(2), { timeout: 20_000 });
  stop.abort(new Error("Ctrl-C"));
  await expect(forwarding).rejects.toThrow("Ctrl-C");
});

test.each<[string, Partial<PlaceOptions>, Record<string, string>, RegExp, string]>([
  ["no secret", {}, { AMPX_GITHUB_WEBHOOK_SECRET: " " }, /is not set/, "invalid"],
  [
    "another secret than the server's",
    {},
    { AMPX_GITHUB_WEBHOOK_SECRET: "guessed" },
    /has another secret/,
    "conflict",
  ],
  ["a server without a secret", { status: 404 }, {}, /without a secret/, "conflict"],
  ["no gh", {}, { PATH: "/nonexistent" }, /gh is not installed/, "not_found"],
  ["no extension of gh", { extensions: "gh dash\tx/gh-dash\tv1" }, {}, /extension/, "not_found"],
])("says so where there is %s", async (_, options, more, message, kind) => {
  await using place = await makePlace(options);
  const forwarding = place.forwarding(more);
  const error = await forwardWebhooks(forwarding, signal, { begun: () => {} }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  expect(error).toMatchObject({ message: expect.stringMatching(message), kind });
});

interface PlaceOptions {
  /** What `gh extension list` says. */
  extensions?: string;
  /** What the server answers to everything. */
  status?: number;
  /** gh goes on until it is interrupted. */
  stays?: boolean;
}

/** A gh that sends one webhook and ends, and a server that checks signatures. */
async function makePlace(options: PlaceOptions) {
  const { extensions = "gh webhook\tcli/gh-webhook", status, stays = false } = options;
  const folder = await mkdtemp(join(tmpdir(), "ampx-forward-"));
  const heard = join(folder, "heard");
  const gh = join(folder, "gh");
  await writeFile(
    gh,
    `#!${process.execPath}
const { argv: [, , ...args], env } = process;
if (args[0] === "extension") console.log(${JSON.stringify(extensions)});
else {
  const url = args.find((arg) => arg.startsWith("--url=")).slice(6);
  const headers = { "x-github-event": "workflow_run", "content-type": "application/json" };
  fetch(url, { method: "POST", headers, body: '{"é":1}' }).then(({ status }) => {
    require("node:fs").writeFileSync(${JSON.stringify(heard)}, JSON.stringify([status, args, JSON.stringify(env)]));
    process.exitCode = 7;
    if (${stays}) setInterval(() => {}, 1_000);
  });
}
`,
  );
  await chmod(gh, 0o755);
  const got: [event: string, body: string, isSigned: boolean][] = [];
  const api = createServer((req, res) => {
    const answer = async () => {
      const body = await buffer(req);
      const wanted = createHmac("sha256", secret).update(body).digest("hex");
      const isSigned = req.headers["x-hub-signature-256"] === `sha256=${wanted}`;
      const event = String(req.headers["x-github-event"]);
      got.push([event, body.toString(), isSigned]);
      res.writeHead(status ?? (isSigned ? (event === "ping" ? 200 : 202) : 401)).end();
    };
    void answer();
  });
  api.listen(0, "127.0.0.1");
  await once(api, "listening");
  const address = api.address();
  const server = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
  return {
    server,
    got,
    heard,
    forwarding: (more: Record<string, string> = {}) => ({
      repo: "acme/shop",
      server,
      env: {
        PATH: `${folder}:${dirname(process.execPath)}`,
        AMPX_HOME: folder,
        AMPX_GITHUB_URL: "https://git.acme.test",
        AMPX_GITHUB_WEBHOOK_SECRET: secret,
        ...more,
      },
    }),
    async [Symbol.asyncDispose]() {
      api.closeAllConnections();
      api.close();
      await once(api, "close");
      await rm(folder, { recursive: true });
    },
  };
}

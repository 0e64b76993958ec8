import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import { expect, test } from "vitest";
import { startGitHub } from "./github.ts";
import { close, listen } from "./server.ts";
import { ci } from "./workflows.ts";

test("a hook is told of pushes, runs and jobs, signed, and only once each", async () => {
  await using hook = await receiver(204);
  await using github = await startGitHub();
  const files = { ".github/workflows/ci.yml": ci };
  const repository = await github.createRepository("acme/shop", { files });
  github.addHook({ url: hook.url, secret: "s3cret" });
  const sha = await repository.commit("amp/a", { a: "a" });

  await hook.until(() =>
    hook.got.some(({ event, body }) => event === "workflow_run" && body.includes('"completed"')),
  );

  const names = hook.got.map(
    ({ event, body }) => `${event} ${(JSON.parse(body) as { action?: string }).action ?? ""}`,
  );
  expect(names).toEqual([
    "push ",
    "workflow_run requested",
    "workflow_job queued",
    "workflow_job in_progress",
    "workflow_job completed",
    "check_run completed",
    "workflow_run completed",
  ]);
  for (const { body, signature } of hook.got)
    expect(signature).toBe(`sha256=${createHmac("sha256", "s3cret").update(body).digest("hex")}`);
  expect(new Set(hook.got.map(({ delivery }) => delivery)).size).toBe(7);
  expect(JSON.parse(hook.got.at(-1)!.body)).toMatchObject({
    workflow_run: { head_sha: sha, conclusion: "success" },
    repository: { full_name: "acme/shop" },
    sender: { login: "acme" },
  });
});

test("an event that could not be delivered is not sent again", async () => {
  await using hook = await receiver(500);
  await using github = await startGitHub();
  const repository = await github.createRepository("acme/shop");
  github.addHook({ url: hook.url, secret: "s3cret", events: ["push"] });
  await repository.commit("amp/a", { a: "a" });
  await hook.until(() => github.deliveries().length === 1);
  github.removeHooks();
  github.addHook({ url: "http://127.0.0.1:9", secret: "s3cret", events: ["push"] });
  await repository.commit("amp/b", { a: "a" });
  await hook.until(() => github.deliveries().length === 2);

  expect(github.deliveries()).toMatchObject([
    { event: "push", status: 500 },
    { event: "push", status: 0 },
  ]);
  expect(hook.got).toHaveLength(1);
});

interface Got {
  readonly event: string;
  readonly delivery: string;
  readonly signature: string;
  readonly body: string;
}

async function receiver(status: number) {
  const got: Got[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { headers } = request;
      got.push({
        event: String(headers["x-github-event"]),
        delivery: String(headers["x-github-delivery"]),
        signature: String(headers["x-hub-signature-256"]),
        body: Buffer.concat(chunks).toString(),
      });
      response.writeHead(status).end();
    });
  });
  const url = await listen(server, { port: 0 });
  return {
    url,
    got,
    async until(holds: () => boolean) {
      const deadline = performance.now() + 20_000;
      while (!holds()) {
        if (performance.now() > deadline) throw new Error("waited in vain for deliveries");
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    [Symbol.asyncDispose]: () => close(server),
  };
}

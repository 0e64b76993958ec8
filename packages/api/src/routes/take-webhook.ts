import type { IncomingMessage } from "node:http";
import { parseGitHubAddress, repositoryKey, webhookNews } from "@ampx/core";
import { z } from "zod";
import { ProblemError } from "../problem.ts";
import { readBody } from "../read-body.ts";
import { checkJson, parseJson } from "../read-json-body.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send.ts";
import { isSignedWith } from "../webhook-signature.ts";

/** GitHub sends no larger ones. */
const maxBytes = 25 * 1024 * 1024;
/** Whose bodies these are is known when they are here: what all together may fill meanwhile. */
const maxHeldBytes = 64 * 1024 * 1024;
let heldBytes = 0;

/** Tells nothing but where to look: GitHub itself is asked, so one that is lost, late, old or sent again does no harm. */
export const takeWebhook: Route = {
  method: "post",
  path: "/webhooks/github",
  name: "takeWebhook",
  summary: "Takes a webhook of GitHub: the tasks that it is about are looked at at once.",
  headers: [
    { name: "X-GitHub-Event", description: "What happened, such as workflow_run" },
    { name: "X-Hub-Signature-256", description: "sha256=… of the body, with the shared secret" },
  ],
  body: z.looseObject({}).describe("As GitHub documents it for the event"),
  answer: {
    status: 202,
    description: "Taken (200 for a ping); so is what concerns no task",
    schema: z.object({ hurried: z.int().describe("Tasks that are looked at at once for it") }),
  },
  problems: [401, 404, 503],
  open: true,
  signed: true,
  async handle(req, res, { store, now, webhookSecret }) {
    if (webhookSecret === null)
      throw new ProblemError("webhooks_off", "This server has no secret to check webhooks with.", {
        tryThis: "AMPX_GITHUB_WEBHOOK_SECRET=… in the environment that the server is started in",
      });
    const event = req.get("x-github-event") ?? "";
    if (!/^\w{1,100}$/.test(event))
      throw new ProblemError("bad_request", "X-GitHub-Event does not name an event.");
    checkJson(req);
    const body = await readHeld(req);
    if (!isSignedWith(webhookSecret, body, req.get("x-hub-signature-256") ?? ""))
      throw new ProblemError("bad_signature", "The body is not signed with this server's secret.", {
        tryThis: "the same secret at GitHub and in AMPX_GITHUB_WEBHOOK_SECRET",
      });
    const news = webhookNews(event, parseJson(body));
    if (event === "ping" || news === null) {
      sendJson(res, event === "ping" ? 200 : 202, { hurried: 0 });
      return;
    }
    const { web, ...told } = news;
    const isOf = (repo: string) => {
      const address = parseGitHubAddress(repo, web);
      // A bare `owner/name` does not say where.
      if (address === null || address.over === "name") return false;
      return repositoryKey(web, address) === told.repository;
    };
    const hurried = await store.hurry({ ...told, isOf }, now());
    sendJson(res, 202, { hurried });
  },
};

async function readHeld(req: IncomingMessage): Promise<Buffer> {
  const size = Math.min(Number(req.headers["content-length"] ?? maxBytes), maxBytes);
  if (heldBytes + size > maxHeldBytes)
    throw new ProblemError("unavailable", "Too many webhooks arrive at the same time.", {
      headers: { "Retry-After": "5", Connection: "close" },
    });
  heldBytes += size;
  try {
    return await readBody(req, { max: maxBytes, drained: maxBytes });
  } finally {
    heldBytes -= size;
  }
}

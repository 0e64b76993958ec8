import { z } from "zod";
import type { Route } from "../route.ts";
import { sendJson } from "../send.ts";

const Health = z.object({ status: z.literal("ok") });

export const readHealth: Route = {
  method: "get",
  path: "/healthz",
  name: "readHealth",
  summary: "Whether the server answers and its store can be read.",
  answer: { status: 200, description: "It does", schema: Health },
  open: true,
  async handle(_req, res, { store }) {
    await store.lastEventId();
    sendJson(res, 200, { status: "ok" } satisfies z.infer<typeof Health>);
  },
};

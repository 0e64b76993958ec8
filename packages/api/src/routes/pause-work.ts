import { Pauses, PauseWork, ResumeWork } from "@ampx/core";
import { namedRepo } from "../named-repo.ts";
import { parseBody } from "../parse-request.ts";
import { pauseView } from "../pause-view.ts";
import { refuseSecrets } from "../refuse-secrets.ts";
import type { Route, RouteDeps } from "../route.ts";
import { sendJson } from "../send.ts";

export const pauseWork: Route = {
  method: "post",
  path: "/pause",
  name: "pauseWork",
  summary:
    "Begins no task and no agent's turn any more, everywhere or in a repository. Turns that run go on to their end, as do waits for CI, and merges.",
  body: PauseWork,
  answer: { status: 200, description: "All pauses; one that was there stays", schema: Pauses },
  problems: [404],
  async handle(req, res, deps) {
    const body = await parseBody(req, PauseWork);
    refuseSecrets(body, deps.leakedSecret);
    const repo = await repoOf(body.repo, deps);
    const { by = deps.user, until_restart: untilRestart = false } = body;
    await deps.store.pause({ repo, by, at: deps.now(), untilRestart });
    sendJson(res, 200, await pauses(repo, 0, deps));
  },
};

export const resumeWork: Route = {
  method: "post",
  path: "/resume",
  name: "resumeWork",
  summary: "Ends the pause of a repository, or all pauses.",
  body: ResumeWork,
  answer: { status: 200, description: "All pauses that are left", schema: Pauses },
  problems: [404],
  async handle(req, res, deps) {
    const body = await parseBody(req, ResumeWork);
    const repo = await repoOf(body.repo, deps);
    const ended = await deps.store.resume({ repo });
    sendJson(res, 200, await pauses(repo, ended, deps));
  },
};

async function repoOf(given: string | undefined, deps: RouteDeps): Promise<string | null> {
  if (given === undefined) return null;
  const known = (await deps.store.pauses()).map(({ repo }) => repo);
  return namedRepo(given, known, deps);
}

async function pauses(repo: string | null, ended: number, { store }: RouteDeps): Promise<Pauses> {
  return { repo, ended, pauses: (await store.pauses()).map(pauseView) };
}

import { LockList, ReadLocks } from "@ampx/core";
import { lockList } from "../lock-list.ts";
import { namedRepo } from "../named-repo.ts";
import { parseQuery } from "../parse-request.ts";
import type { Route } from "../route.ts";
import { sendJson } from "../send.ts";

export const readLocks: Route = {
  method: "get",
  path: "/locks",
  name: "readLocks",
  summary: "Who holds which lock, and who waits for it.",
  query: ReadLocks,
  answer: { status: 200, description: "The locks", schema: LockList },
  problems: [404],
  async handle(req, res, deps) {
    const { repo } = parseQuery(req, ReadLocks);
    const locks = await lockList(deps);
    const only =
      repo === undefined
        ? undefined
        : await namedRepo(
            repo,
            locks.map((lock) => lock.repo),
            deps,
          );
    const list: LockList = {
      locks: locks.filter((lock) => only === undefined || lock.repo === only),
    };
    sendJson(res, 200, list);
  },
};

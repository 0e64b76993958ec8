import type { TaskDetail } from "@ampx/core";
import { beforeAll, expect, test } from "vitest";
import { until } from "../cli/ampx.ts";
import { patienceMs } from "./agent-world.ts";
import { makeAmpWorld } from "./amp-world.ts";
import { installAmp } from "./install-amp.ts";
import { edit } from "./mock-amp-server.ts";
import { type Model, scripted } from "./model-script.ts";
import { ci, project, slugTurns, task } from "./slug-project.ts";

// What the model's provider refuses is no fault of the agent.

const { goodTurn } = slugTurns(edit);

beforeAll(async () => {
  await installAmp();
});

interface Refusal {
  status: number;
  type: string;
  kind: string;
  /** What a person reads meanwhile. */
  says: RegExp;
  /** A login is tried again only after minutes: that is not waited for. */
  isLogin?: true;
}

test.concurrent.for<Refusal>([
  {
    status: 401,
    type: "authentication_error",
    kind: "auth",
    says: /you to sign in: .*run `amp login` .*Unauthorized/,
    isLogin: true,
  },
  {
    status: 429,
    type: "rate_limit_error",
    kind: "rate_limit",
    says: /amp to work again: .*429/,
  },
  {
    status: 529,
    type: "overloaded_error",
    kind: "overloaded",
    says: /amp to work again: .*Overloaded/,
  },
])(
  "a model that answers $status costs no attempt and is named; a limit or an outage is waited for, in the same thread",
  async ({ status, type, kind, says, isLogin = false }) => {
    let refuses = true;
    const answer: Model = (call) =>
      refuses ? { status, type, message: "Not now." } : scripted([goodTurn])(call);
    await using world = await makeAmpWorld({ project, ci, answer });
    const { id } = await world.start(task);

    const waiting = await until(
      "the reason",
      async () => {
        const shown = await world.show(id);
        return shown.waiting_for !== null && says.test(shown.waiting_for) ? shown : undefined;
      },
      patienceMs,
    );
    refuses = false;
    expect(waiting).toMatchObject({ status: "running", attempts: 0 });
    expect(failuresOf(waiting)[0]).toMatchObject({ kind });
    if (isLogin) return;

    await world.ampx("logs", "--follow", id);
    const done = await world.show(id);
    expect(done).toMatchObject({ status: "success", attempts: 1, thread_id: waiting.thread_id });
    expect(failuresOf(done).map((failure) => failure["kind"])).toEqual(
      failuresOf(done).map(() => kind),
    );
    expect(new Set(world.model.calls.map(({ session }) => session))).toEqual(
      new Set([waiting.thread_id]),
    );
  },
);

function failuresOf({ history }: TaskDetail) {
  return history.filter((event) => event.type === "turn_failed");
}

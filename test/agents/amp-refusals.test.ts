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
  /** The key is wrong: only a person can mend that. */
  needsPerson?: true;
}

test.concurrent.for<Refusal>([
  {
    status: 401,
    type: "authentication_error",
    kind: "auth",
    says: /the agent cannot run .*Unauthorized/,
    needsPerson: true,
  },
  {
    status: 429,
    type: "rate_limit_error",
    kind: "rate_limit",
    says: /the agent to work again: .*429/,
  },
  {
    status: 529,
    type: "overloaded_error",
    kind: "overloaded",
    says: /the agent to work again: .*Overloaded/,
  },
])(
  "a model that answers $status costs no attempt, is named, and the thread goes on after it",
  async ({ status, type, kind, says, needsPerson = false }) => {
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
    expect(waiting).toMatchObject({
      status: needsPerson ? "needs_review" : "running",
      attempts: 0,
    });
    expect(failuresOf(waiting)[0]).toMatchObject({ kind });

    if (needsPerson) await world.ampx("continue", id, "-m", "The key is renewed.");
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

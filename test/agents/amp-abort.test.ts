import { beforeAll, expect, test } from "vitest";
import { until } from "../cli/ampx.ts";
import { patienceMs } from "./agent-world.ts";
import { makeAmpWorld } from "./amp-world.ts";
import { installAmp } from "./install-amp.ts";
import { run } from "./mock-amp-server.ts";
import type { ModelAnswer } from "./model-script.ts";
import { ci, project, task } from "./slug-project.ts";

beforeAll(async () => {
  await installAmp();
});

test.concurrent.for<[string, ModelAnswer]>([
  ["a model call that never ends", "hang"],
  ["a tool that never ends and hides from its parent", run("(setsid sleep 3600 &) ; sleep 3600")],
])("an abort during %s leaves no process of it", async ([, answer]) => {
  await using world = await makeAmpWorld({ project, ci, answer: () => answer });
  const { id } = await world.start(task);
  await until(
    "the model to be called",
    () => world.model.calls.length > 0 || undefined,
    patienceMs,
  );
  const tools = answer === "hang" ? 0 : 2;
  const isTool = ({ commandLine }: { commandLine: string }) => commandLine === "sleep 3600";
  await until(
    "the tools",
    () => world.processes().filter(isTool).length === tools || undefined,
    patienceMs,
  );
  expect(
    world
      .processes()
      .map(({ commandLine }) => commandLine)
      .join("\n"),
  ).toContain("threads continue");

  await world.ampx("abort", id);
  expect(world.processes()).toEqual([]);
  expect(await world.show(id)).toMatchObject({ status: "aborted", attempts: 0, commit: null });
  expect(await world.git("for-each-ref", "--format=%(refname) %(objectname)")).toBe(
    `refs/heads/main ${world.base}`,
  );
});

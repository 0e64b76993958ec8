import { beforeAll, expect, test } from "vitest";
import { until } from "../cli/ampx.ts";
import { makeAmpWorld, patienceMs } from "./amp-world.ts";
import { installAmp } from "./install-amp.ts";
import { scripted } from "./mock-amp-server.ts";
import { ci, goodTurn, project, task } from "./slug-project.ts";

beforeAll(async () => {
  await installAmp();
});

test("an Amp that is killed before it has saved its thread is told the task again", async () => {
  let hangs = true;
  await using world = await makeAmpWorld({
    project,
    ci,
    answer: (call) => (hangs ? "hang" : scripted([goodTurn, goodTurn])(call)),
  });
  const { id } = await world.start(task);
  const [killed] = await until(
    "the model to be called",
    () => (world.amp.calls.length > 0 ? world.amp.calls : undefined),
    patienceMs,
  );
  hangs = false;
  for (const { pid, commandLine } of world.processes())
    if (commandLine.includes("threads continue")) process.kill(pid, "SIGKILL");

  await world.ampx("logs", "--follow", id);
  expect(await world.show(id)).toMatchObject({ status: "success", attempts: 1 });
  const again = world.amp.calls[1];
  // Amp saves its thread some seconds late: this one has lost all of it.
  expect(again).toMatchObject({ thread: killed?.thread, turn: 0, step: 0 });
  expect(again?.prompt).toContain(task);
});

import { beforeAll, expect, test } from "vitest";
import { until } from "../cli/ampx.ts";
import { patienceMs } from "./agent-world.ts";
import { makeAmpWorld } from "./amp-world.ts";
import { installAmp } from "./install-amp.ts";
import { edit } from "./mock-amp-server.ts";
import { scripted } from "./model-script.ts";
import { ci, project, slugTurns, task } from "./slug-project.ts";

const { goodTurn } = slugTurns(edit);

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
    () => (world.model.calls.length > 0 ? world.model.calls : undefined),
    patienceMs,
  );
  hangs = false;
  for (const { pid, commandLine } of world.processes())
    if (commandLine.includes("threads continue")) process.kill(pid, "SIGKILL");

  await world.ampx("logs", "--follow", id);
  expect(await world.show(id)).toMatchObject({ status: "success", attempts: 1 });
  const again = world.model.calls[1];
  // Amp saves its thread some seconds late: this one has lost all of it.
  expect(again).toMatchObject({ session: killed?.session, turn: 0, step: 0 });
  expect(again?.prompt).toContain(task);
});

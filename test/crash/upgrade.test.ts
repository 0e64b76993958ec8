import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { TaskRow } from "@ampx/store";
import { expect, test } from "vitest";
import { startInBackground } from "../../packages/cli/src/start-server.ts";
import { serve } from "../world/serve.ts";
import { waitFor } from "../world/wait-for.ts";
import { makeWorld } from "../world/world.ts";

// `ampx stop`, another version, `ampx serve`, while tasks wait for CI.

test.each([
  ["that ampx starts", false],
  ["that the push started", true],
])(
  "an upgrade in the middle of CI %s loses nothing: each task goes on with its commit",
  async (_, hook) => {
    await using world = await makeWorld({
      hook,
      turns: [[{ write: "answer", content: "42\n" }]],
      ci: '[ -e "$WORLD_ROOT/go-on" ] || sleep 600; grep -qx 42 answer',
    });
    await using ampx = await serve(world);
    const ids = [];
    for (const words of ["", ", too", ", as well"])
      ids.push(await ampx.startTask(`Answer with 42${words}.`));
    const pushed = new Map<string, string>();
    for (const id of ids) {
      const { state } = await world.until(id, inPhase("awaiting_ci"));
      pushed.set(id, state.pushed ?? "");
    }
    await waitFor(
      "all of CI to run",
      () => world.processes().filter(({ commandLine }) => commandLine === "sleep 600").length === 3,
    );

    expect(await ampx.ampx(["stop"])).toMatchObject({ code: 0 });
    expect(world.processes()).toEqual([]);
    await writeFile(join(world.root, "go-on"), "");
    const { server, startedHere } = await startInBackground({
      home: world.home,
      version: "9.9.9",
      env: { ...world.env, AMPX_PORT: "0", AMPX_CI_POLL_SECONDS: "0.1" },
    });
    expect({ version: server.version, startedHere }).toEqual({
      version: "9.9.9",
      startedHere: true,
    });

    for (const id of ids) {
      const { state } = await world.until(id, inPhase("ready"));
      expect(state).toMatchObject({
        pushed: pushed.get(id),
        spent: { attempts: 1, turns: 1 },
        phase: { name: "ready", sha: pushed.get(id) },
      });
      expect(await world.movesOf(state.task.branch)).toBe(1);
      const types = (await world.store.newestEvents(id, 1_000)).map(({ event }) => event.type);
      expect(types.filter((type) => /^(?:ci_|push)/.test(type))).toEqual([
        "push_started",
        "pushed",
        "ci_passed",
      ]);
    }
    expect(await world.prompts()).toHaveLength(3);
    // Each was judged anew, once.
    expect((await world.ciRuns()).toSorted()).toEqual(
      [...pushed.values(), ...pushed.values()].toSorted(),
    );
  },
);

function inPhase(name: string) {
  return ({ state }: TaskRow) => state.phase.name === name;
}

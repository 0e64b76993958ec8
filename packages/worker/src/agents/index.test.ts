import { UserError } from "@ampx/core";
import { expect, test } from "vitest";
import { setStage } from "./agent-stage.ts";
import { agentNames, createAgent } from "./index.ts";

test("makes every agent by its name", async () => {
  await using stage = await setStage();
  expect(agentNames.map((name) => createAgent(name, stage.deps()).name)).toEqual(agentNames);
});

test.each(["", "AMP", "toString", "constructor"])("knows no agent %j", async (name) => {
  await using stage = await setStage();
  expect(() => createAgent(name, stage.deps())).toThrow(UserError);
});

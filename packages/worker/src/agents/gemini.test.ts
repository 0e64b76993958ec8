import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { describeAgent } from "./agent-contract.ts";
import { setStage, type Stage } from "./agent-stage.ts";
import { callsOf, writePlay } from "./fake-play.ts";
import type { FakeAcpPlay } from "./fixtures/fake-acp.ts";
import { geminiAgent } from "./gemini.ts";

const fake = fileURLToPath(new URL("./fixtures/fake-acp.ts", import.meta.url));

describeAgent("gemini", { resumes: false, make: (steps, stage) => agentOf(stage, { steps }) });

test("is started so that it asks for permission alone, with the model that is wanted", async () => {
  await using stage = await setStage();
  await stage.run(await agentOf(stage, { steps: [{ say: "done" }] }));
  const [first] = await callsOf(stage);
  expect(first).toEqual(["arguments", ["--acp", "--skip-trust", "--model", "gemini-2.5-pro"]]);
});

test("refuses to start without a login, for it would open a browser", async () => {
  await using stage = await setStage();
  const agent = geminiAgent(stage.deps({ gemini: { command: fake, args: [] } }));
  expect((await stage.run(agent)).outcome).toMatchObject({
    is: "failed",
    kind: "auth",
    message: expect.stringContaining("GEMINI_API_KEY is not set"),
  });
  expect(await agent.probe(new AbortController().signal)).toMatchObject({
    version: "0.61.0",
    problems: [{ what: expect.stringContaining("not signed in") }],
  });
  const missing = geminiAgent(stage.deps({ gemini: { command: "no-such-gemini", args: [] } }));
  expect((await stage.run(missing)).outcome).toMatchObject({ is: "failed", kind: "spawn" });
});

async function agentOf(stage: Stage, play: FakeAcpPlay) {
  const agents = { gemini: { command: fake, args: [], model: "gemini-2.5-pro" } };
  return geminiAgent(
    stage.deps(agents, { FAKE_ACP: await writePlay(stage, play), GEMINI_API_KEY: "key" }),
  );
}

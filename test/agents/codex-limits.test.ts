import { beforeAll, expect, test } from "vitest";
import { codexCli } from "./codex-cli.ts";
import { setRealStage } from "./real-stage.ts";

beforeAll(async () => {
  await codexCli.install();
});

test("a usage limit of the real codex is told with the second at which it ends", async () => {
  const seconds = Math.floor(Date.now() / 1_000) + 7_200;
  const headers = {
    "x-codex-primary-used-percent": "100",
    "x-codex-primary-window-minutes": "300",
    "x-codex-primary-reset-at": String(seconds),
  };
  const message = "The usage limit has been reached";
  await using set = await setRealStage(codexCli, () => ({
    status: 429,
    type: "usage_limit_reached",
    message,
    headers,
  }));
  expect((await set.stage.run(set.agent)).outcome).toEqual({
    is: "failed",
    kind: "rate_limit",
    message: expect.stringContaining("hit your usage limit"),
    resetAt: seconds * 1_000,
  });
});

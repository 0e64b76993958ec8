import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServerStatus } from "@ampx/core";
import { expect, test } from "vitest";
import { agentsAreReady } from "./agents.ts";

test("an agent whose login is refused to tasks is missing where it is the default, and one at its limit is a note", async () => {
  await using home = await mkdtempDisposable(join(tmpdir(), "doctor-"));
  const agents = ["claude", "codex", "amp"].map((name) => ({
    name,
    command: `/usr/bin/${name}`,
    version: "1",
    problems: [],
  }));
  const parked = (agent: string, kind: string) => ({
    agent,
    kind,
    message: "run `claude auth login`",
    since: new Date().toISOString(),
    until: new Date(Date.now() + 60_000).toISOString(),
  });
  const status = {
    workers: [{ agents }],
    parked: [parked("claude", "auth"), parked("codex", "rate_limit")],
  } as unknown as ServerStatus;
  const server = { pid: 1, url: "http://127.0.0.1:1", version: "1", started_at: "" };

  const findings = await agentsAreReady({
    home: home.path,
    env: { AMPX_HOME: home.path, AMPX_AGENT: "claude" },
    running: { server, status },
  });

  expect(findings).toMatchObject([
    {
      name: "agent claude (default)",
      is: "missing",
      detail: expect.stringContaining("parked until you sign in: run `claude auth login`"),
    },
    { name: "agent codex", is: "note", detail: expect.stringContaining("its provider's limit") },
    { name: "agent amp", is: "ok", detail: "1, /usr/bin/amp" },
  ]);
});

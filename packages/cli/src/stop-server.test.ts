import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { homePaths } from "@ampx/core/home";
import { type Holder, parseHolder, thisProcess } from "@ampx/store/holder";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findServer } from "./find-server.ts";
import { stopServer } from "./stop-server.ts";

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "stop-server-"));
  await mkdir(dirname(homePaths(home).serverLock), { recursive: true });
});
afterEach(() => rm(home, { recursive: true, force: true }));

test("a process that has the pid of another machine's server is left alone", async () => {
  await using stranger = await startProcess();
  await hold({ ...stranger.holder, host: "elsewhere", startedAt: "its boot:42" });
  await expect(stopServer(home)).rejects.toMatchObject({
    kind: "conflict",
    message: expect.stringContaining(`Process ${stranger.holder.pid} on elsewhere holds ${home}`),
  });
  expect(stranger.child.exitCode ?? stranger.child.signalCode).toBeNull();
  // Its address means somebody else here.
  expect(await findServer(home)).toBeUndefined();
});

test.runIf(process.platform === "linux")(
  "a machine that was renamed since finds its server and stops it",
  async () => {
    await using server = await startProcess();
    await hold({ ...server.holder, host: "old-name" });
    expect(await findServer(home)).toMatchObject({ pid: server.holder.pid });
    expect(await stopServer(home)).toBe(1);
    await server.exited;
    expect(server.child.signalCode).toBe("SIGTERM");
  },
);

async function hold(holder: Holder): Promise<void> {
  const { serverFile, serverLock } = homePaths(home);
  const server = {
    pid: holder.pid,
    url: "http://127.0.0.1:1",
    version: "0.1.0",
    started_at: "2026-03-01T09:00:00.000Z",
  };
  await writeFile(serverLock, JSON.stringify({ ...holder, nonce: crypto.randomUUID(), note: {} }));
  await writeFile(serverFile, JSON.stringify(server));
}

async function startProcess() {
  const script = `import { thisProcess } from ${JSON.stringify(import.meta.resolve("@ampx/store/holder"))};
    console.log(JSON.stringify(thisProcess()));
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
  const exited = once(child, "exit");
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const holder = parseHolder(JSON.parse(String(line)));
  if (holder?.host !== thisProcess().host)
    throw new Error(`no holder of this host: ${String(line)}`);
  return {
    child,
    holder,
    exited,
    [Symbol.asyncDispose]: async () => {
      child.kill("SIGKILL");
      await exited;
    },
  };
}

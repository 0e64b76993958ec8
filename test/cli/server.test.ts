import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isRunning } from "../left-processes.ts";
import { type Person, person, until } from "./ampx.ts";

// The server's real processes, ended in every way that a machine knows.

interface ServerFile {
  pid: number;
  url: string;
}

describe("the server", { timeout: 120_000 }, () => {
  test("is one for each home, however many start it at once", async () => {
    await using ada = await person();
    const started = await Promise.all(
      Array.from({ length: 5 }, () => ada.ampx(["serve", "--detach", "--json"])),
    );
    expect(started.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      started.map(() => ({ code: 0, stderr: "" })),
    );
    const answers = started.map(
      ({ stdout }) => JSON.parse(stdout) as ServerFile & { started_here: boolean },
    );
    expect(new Set(answers.map(({ pid, url }) => `${pid} ${url}`)).size).toBe(1);
    expect(answers.filter(({ started_here }) => started_here)).toHaveLength(1);
    // The others end a moment after they have said what they found.
    await until("one of each runs", async () =>
      String(await programs(ada)) === "api-main,supervisor-main,worker-main" ? true : undefined,
    );
  });

  test("closes its home and its files to other users", async () => {
    await using ada = await person();
    await ada.ampx(["serve", "--detach"]);
    const modes = await Promise.all(
      ["", "token", "run/server.json", "logs/server.log"].map(async (file) =>
        ((await stat(join(ada.home, file))).mode & 0o777).toString(8),
      ),
    );
    expect(modes).toEqual(["700", "600", "600", "600"]);
    expect(await readFile(join(ada.home, "token"), "utf8")).toMatch(/^[\w-]{43}\n$/);
  });

  test("gives the API no credentials, and shows none in its log or on a command line", async () => {
    const secret = "sk-test-8f3kq0s9d8f7g6h5j4";
    await using ada = await person({ AMP_API_KEY: secret, NODE_OPTIONS: "--trace-uncaught" });
    await ada.ampx(["serve", "--detach"]);
    const api = await pidOf(ada, "api-main");
    expect(await readFile(`/proc/${api}/environ`, "utf8")).not.toContain(secret);
    for (const { pid } of await processes(ada))
      expect(await readFile(`/proc/${pid}/cmdline`, "utf8")).not.toContain(secret);
    expect(await readFile(join(ada.home, "logs/server.log"), "utf8")).not.toContain(secret);
    const task = await ada.ampx(["start", "--repo", "/x", "--task", `Use ${secret} to log in`]);
    expect(task).toMatchObject({ code: 2, stdout: "" });
    expect(task.stderr).toContain("prompt");
    expect(task.stderr).not.toContain(secret);
  });

  test.each(["api-main", "worker-main"])(
    "starts %s again when it is killed, and is found where it was",
    async (program) => {
      await using ada = await person();
      await ada.ampx(["serve", "--detach"]);
      const before = await serverFile(ada);
      const killed = await pidOf(ada, program);
      process.kill(killed, "SIGKILL");
      await until(`${program} runs again`, async () => {
        const pid = await pidOf(ada, program).catch(() => killed);
        return pid === killed ? undefined : pid;
      });
      const status = await until("status answers", async () => {
        const { code, stdout } = await ada.ampx(["status", "--json"]);
        return code === 0 ? (JSON.parse(stdout) as { server: ServerFile }) : undefined;
      });
      expect(status.server).toMatchObject({ pid: before.pid, url: before.url });
    },
  );

  test("leaves nothing within seconds when its supervisor is killed, and the next start knows that", async () => {
    await using ada = await person();
    await ada.ampx(["serve", "--detach"]);
    const before = await serverFile(ada);
    const parts = await processes(ada);
    process.kill(before.pid, "SIGKILL");
    await until(
      "all are gone",
      () => parts.every(({ pid }) => !isRunning(pid)) || undefined,
      10_000,
    );
    // The file is left, and its process id may be anybody's by now.
    expect(await serverFile(ada)).toEqual(before);
    expect(await ada.ampx(["ls"])).toMatchObject({ code: 4 });
    const again = await ada.ampx(["serve", "--detach", "--json"]);
    expect(JSON.parse(again.stdout)).toMatchObject({ started_here: true });
    expect(await ada.ampx(["ls"])).toMatchObject({ code: 0 });
  });

  test("does not send the token to whoever has the process id of a killed one", async () => {
    await using ada = await person();
    await ada.ampx(["serve", "--detach"]);
    await ada.ampx(["stop"]);
    const asked: string[] = [];
    const stranger = createServer((socket) =>
      socket.on("data", (bytes) => asked.push(String(bytes))),
    ).listen(0, "127.0.0.1");
    await once(stranger, "listening");
    const address = stranger.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const file = {
      pid: process.pid,
      url: `http://127.0.0.1:${port}`,
      version: "0.1.0",
      started_at: new Date().toISOString(),
    };
    await writeFile(join(ada.home, "run/server.json"), JSON.stringify(file));
    expect(await ada.ampx(["ls"])).toMatchObject({ code: 4, stdout: "" });
    expect(asked).toEqual([]);
    stranger.close();
  });

  test("is stopped with all that it runs, and says how many that were; stopping twice is no error", async () => {
    await using ada = await person();
    await ada.ampx(["serve", "--detach"]);
    const parts = await processes(ada);
    const stopped = await ada.ampx(["stop"]);
    expect(stopped).toEqual({
      code: 0,
      stdout: "✓ ampx server stopped: 3 processes ended\n",
      stderr: "",
    });
    expect(parts.filter(({ pid }) => isRunning(pid))).toEqual([]);
    await expect(stat(join(ada.home, "run/server.json"))).rejects.toThrow("ENOENT");
    expect(await ada.ampx(["stop"])).toMatchObject({
      code: 0,
      stdout: `No ampx server runs for ${ada.home}\n`,
    });
  });

  test("in the foreground ends with Ctrl-C", async () => {
    await using ada = await person();
    const serve = ada.start(["serve"]);
    const exited = once(serve, "exit");
    await until("it serves", () => serverFile(ada).catch(() => undefined));
    const parts = await until("all three run", async () => {
      const found = await processes(ada);
      return found.length === 3 ? found : undefined;
    });
    serve.kill("SIGINT");
    expect((await exited)[0]).toBe(0);
    expect(parts.filter(({ pid }) => isRunning(pid))).toEqual([]);
  });

  test("in the foreground ends when its terminal is killed", async () => {
    await using ada = await person();
    const serve = ada.start(["serve"]);
    await until("it serves", () => serverFile(ada).catch(() => undefined));
    const parts = await processes(ada);
    serve.kill("SIGKILL");
    await until(
      "all are gone",
      () => parts.every(({ pid }) => !isRunning(pid)) || undefined,
      10_000,
    );
  });

  test("refuses a port that is taken when it is asked for exactly that one", async () => {
    await using ada = await person();
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const refused = await ada.ampx(["serve", "--detach", "--port", String(port)]);
    other.close();
    expect(refused).toMatchObject({ code: 5, stdout: "" });
    expect(refused.stderr).toContain(
      `✗ The ampx server did not start: Port ${port} of 127.0.0.1 is taken`,
    );
    expect(await programs(ada)).toEqual([]);
  });

  test("says what is wrong with the configuration instead of starting again and again", async () => {
    await using ada = await person({ AMPX_SLOTS: "none" });
    const started = await ada.ampx(["start", "--repo", "/x", "--task", "y"]);
    expect(started).toMatchObject({ code: 2, stdout: "" });
    expect(started.stderr).toContain(
      "✗ The ampx server did not start: AMPX_SLOTS must be a whole number from 1 to 64",
    );
    expect(await programs(ada)).toEqual([]);
  });

  test("is started in the background by `start`, which says so", async () => {
    await using ada = await person();
    const started = await ada.ampx(["start", "--repo", "/nowhere", "--task", "x"]);
    expect(started).toMatchObject({ code: 3, stdout: "" });
    const { pid, url } = await serverFile(ada);
    expect(started.stderr.split("\n")).toEqual([
      "No ampx server runs yet: starting one in the background",
      `ampx server at ${url}, pid ${pid}; ampx stop ends it`,
      "✗ /nowhere does not exist",
      "  try: give the path of a git repository on this machine",
      "",
    ]);
  });

  test("works for the GitHub that it was started for and no other, and takes its webhooks", async () => {
    const secret = "8f3kq0s9d8f7g6h5j4";
    await using ada = await person({ AMPX_GITHUB_WEBHOOK_SECRET: secret });
    const start = (url: string) => {
      const args = ["start", "--repo", "/nowhere", "--task", "x", "--github-url", url];
      return ada.ampx(args);
    };
    expect(await start("http://127.0.0.1:9/")).toMatchObject({ code: 3 });
    const status = JSON.parse((await ada.ampx(["status", "--json"])).stdout) as {
      github_url: string;
      rate_limits: unknown[];
      server: ServerFile;
    };
    expect(status).toMatchObject({ github_url: "http://127.0.0.1:9", rate_limits: [] });
    const other = "https://git.example.org";
    for (const refused of [
      await start(other),
      await ada.ampx(["serve", "--detach", "--github-url", other]),
    ]) {
      expect(refused.code).toBe(5);
      expect(refused.stderr).toContain("is for the GitHub at http://127.0.0.1:9, not at");
      expect(refused.stderr).toContain(`ampx serve --detach --github-url ${other}`);
    }
    const body = "{}";
    const signature = createHmac("sha256", secret).update(body).digest("hex");
    const ping = await fetch(new URL("/webhooks/github", status.server.url), {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "x-github-event": "ping",
        "x-hub-signature-256": `sha256=${signature}`,
      },
    });
    expect([ping.status, await ping.text()]).toEqual([200, '{"hurried":0}\n']);
  });

  test("rests in 320 MB", async () => {
    await using ada = await person();
    await ada.ampx(["serve", "--detach"]);
    const parts = await processes(ada);
    const kilobytes = await Promise.all(
      parts.map(async ({ pid }) =>
        Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${pid}/status`, "utf8"))?.[1]),
      ),
    );
    expect(kilobytes).toHaveLength(3);
    expect(kilobytes.reduce((a, b) => a + b) / 1024, String(kilobytes)).toBeLessThan(320);
  });
});

async function serverFile(ada: Person): Promise<ServerFile> {
  return JSON.parse(await readFile(join(ada.home, "run/server.json"), "utf8")) as ServerFile;
}

/** The server's programs of this home, by what their command lines say. */
async function processes(ada: Person): Promise<{ pid: number; program: string }[]> {
  const stdout = execFileSync("ps", ["-eo", "pid=,stat=,args="], { encoding: "utf8" });
  return stdout.split("\n").flatMap((line) => {
    const [, pid, state = "", program] =
      /^\s*(\d+) (\S+)\s.*\/server\/([a-z-]+)\.ts --home (?:\S+)/.exec(line) ?? [];
    return pid !== undefined &&
      program !== undefined &&
      !state.startsWith("Z") &&
      line.includes(` --home ${ada.home} `)
      ? [{ pid: Number(pid), program }]
      : [];
  });
}

async function programs(ada: Person): Promise<string[]> {
  return (await processes(ada)).map(({ program }) => program).toSorted();
}

async function pidOf(ada: Person, wanted: string): Promise<number> {
  const found = (await processes(ada)).find(({ program }) => program === wanted);
  if (found === undefined) throw new Error(`${wanted} does not run`);
  return found.pid;
}

import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { isAlive, parseHolder, thisProcess } from "./holder.ts";

test("this process is alive", () => {
  expect(thisProcess().pid).toBe(process.pid);
  expect(isAlive(thisProcess())).toBe(true);
});

test("a process is alive until it ends", async () => {
  const script = `import { thisProcess } from ${JSON.stringify(import.meta.resolve("./holder.ts"))};
    console.log(JSON.stringify(thisProcess()));
    setInterval(() => {}, 60_000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const holder = parseHolder(JSON.parse(String(line)))!;
  expect(holder.pid).toBe(child.pid);
  expect(isAlive(holder)).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(isAlive(holder)).toBe(false);
});

test("another process with a recycled pid is not the holder", () => {
  expect(isAlive({ ...thisProcess(), startedAt: "an earlier boot:42" })).toBe(false);
});

test("nothing is known of a process on another host", () => {
  expect(isAlive({ ...thisProcess(), host: "elsewhere", startedAt: "its boot:42" })).toBe(
    "unknown",
  );
});

describe.runIf(process.platform === "linux")("where a boot has an id", () => {
  const here = thisProcess();
  const [system, ticks] = here.startedAt.split(":");
  const otherBoot = `${crypto.randomUUID()}.${system!.split(".")[1]}:${ticks}`;

  test("a machine that was renamed still knows its processes", () => {
    const renamed = { ...here, host: "renamed" };
    expect(isAlive(renamed)).toBe(true);
    expect(isAlive({ ...renamed, startedAt: `${system}:1` })).toBe(false);
    expect(isAlive({ ...renamed, pid: 2 ** 22 + 1 })).toBe(false);
  });

  test("no process outlives the boot of its machine, whoever has its pid now", () => {
    expect(isAlive({ ...here, startedAt: otherBoot })).toBe(false);
    // One that is there and whose start we may read or not.
    expect(isAlive({ ...here, pid: 1, startedAt: otherBoot })).toBe(false);
  });

  test("nothing is known of another machine's process, nor of another container's on this one", () => {
    expect(isAlive({ ...here, host: "elsewhere", startedAt: otherBoot })).toBe("unknown");
    const container = `${system!.split(".")[0]}.1:${ticks}`;
    expect(isAlive({ ...here, host: "elsewhere", startedAt: container })).toBe("unknown");
  });
});

test.runIf(process.platform === "linux")("a zombie is not alive", async () => {
  // The shell replaces itself by a program that never reaps its child.
  const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"]);
  try {
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    const pid = Number(String(line));
    const stateOf = () => /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
    await expect.poll(stateOf, { timeout: 10_000 }).toBe("Z");
    // The start of a zombie can still be read; it is the very process, only dead.
    const ticks = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ")[19];
    const system = thisProcess().startedAt.split(":")[0];
    expect(isAlive({ ...thisProcess(), pid, startedAt: `${system}:${ticks}` })).toBe(false);
  } finally {
    parent.kill("SIGKILL");
    await once(parent, "exit");
  }
});

test.each([
  ["nothing", null],
  ["text", "host"],
  ["a pid that names a group", { host: "h", pid: -1, startedAt: "s" }],
  ["a pid that is no number", { host: "h", pid: "1", startedAt: "s" }],
  ["a missing start", { host: "h", pid: 1 }],
])("%s is no holder", (_, json) => {
  expect(parseHolder(json)).toBeNull();
});

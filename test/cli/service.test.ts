import { chmod, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { homePaths, UserError } from "@ampx/core";
import { thisProcess } from "@ampx/store";
import { describe, expect, test } from "vitest";
import { plain } from "../../packages/cli/src/render/paint.ts";
import { serviceStatusText } from "../../packages/cli/src/render/service-text.ts";
import {
  type InstallOptions,
  installService,
} from "../../packages/cli/src/service/install-service.ts";
import { programRunner } from "../../packages/cli/src/service/run-program.ts";
import { planService } from "../../packages/cli/src/service/service-plan.ts";
import { serviceStatus } from "../../packages/cli/src/service/service-status.ts";
import { systemd } from "../../packages/cli/src/service/systemd.ts";
import { uninstallService } from "../../packages/cli/src/service/uninstall-service.ts";
import { isRunning } from "../left-processes.ts";
import { type Person, person, until } from "./ampx.ts";

// `ampx service` as a person uses it, with a systemd that is a program of ours, see `systemd-main.ts`.

const secret = "sk-test-8f3kq0s9d8f7g6h5j4";

describe.runIf(process.platform === "linux")("the service", { timeout: 120_000 }, () => {
  test("starts the server with what is in its unit and its file with keys alone, and stops it", async () => {
    await using ada = await withSystemd();
    // What a unit may name, in a home that is hard to write down.
    ada.env["AMPX_HOME"] = `${ada.home} 50% of $HOME "x"`;
    const keys = join(ada.env["AMPX_HOME"], "service.env");
    await mkdir(ada.env["AMPX_HOME"], { recursive: true });
    await writeFile(keys, `AMPX_PORT=0\nAMP_API_KEY=${secret}\n`, { mode: 0o600 });

    const installed = await ada.ampx(["service", "install", "--json"]);
    expect(installed).toMatchObject({ code: 0, stderr: "" });
    const { name, file, server } = JSON.parse(installed.stdout) as {
      name: string;
      file: string;
      server: { url: string; pid: number };
    };
    expect(name).toMatch(/^ampx-[0-9a-f]{8}\.service$/);
    expect(file).toBe(join(ada.folder, "config/systemd/user", name));
    expect(await readFile(file, "utf8")).not.toContain(secret);
    expect((await fetch(new URL("/healthz", server.url))).status).toBe(200);

    const status = await ada.ampx(["service", "status"]);
    expect(status.code).toBe(0);
    expect(status.stdout).toContain(`● ${name}: active (running); starts by itself`);
    expect(status.stdout).toContain(`${server.url}, pid ${server.pid}, ampx 0.1.0, up `);
    const worker = await readFile(`/proc/${await workerOf(server.pid)}/environ`, "utf8");
    expect(worker, "the keys of the file").toContain(`AMP_API_KEY=${secret}`);
    const logs = await ada.ampx(["service", "logs", "--lines", "50"]);
    expect(logs.stdout).toContain(`listening on ${server.url}`);
    expect(await calls(ada)).toContain(
      `journalctl --user --unit=${name} --output=cat --quiet --lines=50 --no-pager`,
    );

    await chmod(keys, 0o644);
    const { notes } = await serviceOf(ada).install({ version: "9.9.9" });
    expect(notes.join("\n")).toContain(`others can read ${keys}: chmod 600 '${keys}'`);
    expect(notes.join("\n")).toContain(
      `what runs is from before; to renew it: systemctl --user restart ${name}`,
    );
    expect(isRunning(server.pid)).toBe(true);
    expect(await ada.ampx(["service", "uninstall"])).toMatchObject({ code: 0, stderr: "" });
    expect(isRunning(server.pid)).toBe(false);
    await expect(stat(file)).rejects.toThrow("ENOENT");
    expect(await readFile(keys, "utf8"), "the keys stay").toContain(secret);
    // Without a journal of it, the lines are those of the server's own file.
    const file2 = await ada.ampx(["service", "logs", "-n", "1", "--json"]);
    expect(JSON.parse(file2.stdout)).toMatchObject({
      line: expect.stringContaining("server stopped"),
    });
    expect(await ada.ampx(["service", "status", "--json"])).toMatchObject({ code: 1 });
  });

  test("names the keys that it will not have, writes none of them, and shows its unit without a trace", async () => {
    await using ada = await withSystemd({
      AMP_API_KEY: secret,
      ANTHROPIC_BASE_URL: "http://127.0.0.1:1",
      AWS_PROFILE: "of no interest",
    });
    const shown = await ada.ampx(["service", "install", "--print"]);
    expect(shown).toMatchObject({ code: 0, stderr: "" });
    expect(shown.stdout).toContain('ExecStart=:"');
    expect(await calls(ada)).toBe("");
    await expect(stat(join(ada.folder, "config"))).rejects.toThrow("ENOENT");

    const installed = await ada.ampx(["service", "install", "--no-start"]);
    expect(installed).toMatchObject({ code: 0, stderr: "" });
    const keys = join(ada.home, "service.env");
    expect(installed.stdout).toContain(
      `! set here, but not in the service: AMPX_PORT, AMP_API_KEY, ANTHROPIC_BASE_URL\n  put what its agents need into ${keys}`,
    );
    expect(installed.stdout).toContain("to keep it running: loginctl enable-linger");
    expect((await stat(keys)).mode & 0o777).toBe(0o600);
    expect(await readFile(keys, "utf8")).not.toContain(secret);
    expect(await calls(ada)).not.toContain("--now");
    const { plan, manager } = serviceOf(ada);
    expect(await serviceStatus(plan, manager)).toMatchObject({
      installed: true,
      enabled: true,
      active: false,
      detail: "inactive (dead)",
    });
  });

  test("keeps what a person changed in its unit, unless it is told otherwise", async () => {
    await using ada = await withSystemd();
    const { plan, manager, install } = serviceOf(ada);
    expect(await install({ start: false })).toMatchObject({ wrote: "new" });
    expect(await install({ start: false })).toMatchObject({ wrote: "unchanged" });
    const changed = `${await readFile(plan.file, "utf8")}# mine\n`;
    await writeFile(plan.file, changed);
    const refusal = {
      kind: "conflict",
      message: `${plan.file} was changed by hand, or is not of ampx`,
    };
    await expect(install({ start: false })).rejects.toMatchObject(refusal);
    await expect(uninstallService(plan, manager, { force: false })).rejects.toMatchObject(refusal);
    expect(await readFile(plan.file, "utf8")).toBe(changed);
    expect(await serviceStatus(plan, manager)).toMatchObject({ changed_by_hand: true });
    expect(await install({ start: false, force: true })).toMatchObject({ wrote: "changed" });
    expect(await readFile(plan.file, "utf8")).not.toContain("# mine");
    expect(await uninstallService(plan, manager, { force: false })).toBe(true);
    expect(await uninstallService(plan, manager, { force: false })).toBe(false);
  });

  test("is refused, with nothing written, where it cannot be: a server by hand, no systemd, a wrong setting", async () => {
    await using ada = await withSystemd();
    const refusal = async (env: NodeJS.ProcessEnv = {}) => {
      const { install } = serviceOf(ada, env);
      const error: unknown = await install({}).catch((refused: unknown) => refused);
      await expect(stat(join(ada.folder, "config"))).rejects.toThrow("ENOENT");
      if (!(error instanceof UserError)) throw error;
      return `${error.kind}: ${error.message}; ${error.tryThis}`;
    };
    expect(await refusal({ AMPX_SLOTS: "none" })).toContain("invalid: AMPX_SLOTS must be");
    expect(await refusal({ PATH: "/nowhere" })).toContain(
      "conflict: There is no systemctl here: this machine does not run systemd; ampx serve --detach",
    );
    const noBus = join(ada.folder, "systemd/no-bus");
    await writeFile(noBus, "");
    expect(await refusal()).toMatch(
      /^conflict: The systemd of this user cannot be reached: .*; loginctl enable-linger /,
    );
    await rm(noBus);
    // A server by hand: this process.
    const { serverFile, serverLock } = homePaths(ada.home);
    await mkdir(join(ada.home, "run"), { recursive: true });
    await writeFile(serverLock, JSON.stringify({ ...thisProcess(), nonce: "1", note: {} }));
    const started_at = new Date().toISOString();
    const server = { pid: process.pid, url: "http://127.0.0.1:1", version: "0.1.0", started_at };
    await writeFile(serverFile, JSON.stringify(server));
    expect(await refusal()).toMatch(
      /^conflict: An ampx server that was started by hand runs: http:.*; ampx stop, /,
    );
    const { plan, manager } = serviceOf(ada);
    const status = await serviceStatus(plan, manager);
    expect(serviceStatusText(status, { now: Date.now(), paint: plain })).toMatch(
      /^○ ampx-[0-9a-f]{8}\.service is not installed\n {2}http:\/\/127\.0\.0\.1:1, pid \d+, ampx 0\.1\.0, up 0s, started by hand$/,
    );
    await rm(serverLock);
  });
});

/** The service as `ampx service` has it, in this process: much faster. */
function serviceOf({ env: own }: Person, more: NodeJS.ProcessEnv = {}) {
  const env = { ...own, ...more };
  const entry = join(import.meta.dirname, "../../packages/cli/bin/ampx.js");
  const plan = planService({ env, platform: "linux", node: process.execPath, entry });
  const manager = systemd(plan.name, "ada", programRunner(env));
  const defaults = { env, version: "0.1.0", start: true, force: false, patienceMs: 20_000 };
  const install = (options: Partial<InstallOptions>) =>
    installService(plan, manager, { ...defaults, ...options });
  return { plan, manager, install };
}

/** A person with a systemd of their own. */
async function withSystemd(env: NodeJS.ProcessEnv = {}): Promise<Person> {
  const ada = await person(env);
  const folder = join(ada.folder, "systemd");
  const bin = join(folder, "bin");
  await mkdir(bin, { recursive: true });
  await writeFile(join(folder, "calls"), "");
  const fake = join(import.meta.dirname, "systemd-main.ts");
  for (const name of ["systemctl", "journalctl", "loginctl"]) {
    const script = `#!/bin/sh\nexec '${process.execPath}' '${fake}' ${name} "$@"\n`;
    await writeFile(join(bin, name), script);
    await chmod(join(bin, name), 0o755);
  }
  Object.assign(ada.env, {
    PATH: `${bin}:${process.env["PATH"]}`,
    XDG_CONFIG_HOME: join(ada.folder, "config"),
    FAKE_SYSTEMD: folder,
  });
  return ada;
}

function calls({ folder }: Person): Promise<string> {
  return readFile(join(folder, "systemd/calls"), "utf8");
}

async function workerOf(supervisor: number): Promise<string> {
  return until("the worker", async () => {
    const file = `/proc/${supervisor}/task/${supervisor}/children`;
    const children = (await readFile(file, "utf8")).trim().split(" ");
    for (const pid of children)
      if ((await readFile(`/proc/${pid}/cmdline`, "utf8")).includes("worker-main")) return pid;
    return undefined;
  });
}

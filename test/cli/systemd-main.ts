import { spawn } from "node:child_process";
import { appendFileSync, existsSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning } from "../left-processes.ts";

// `systemctl`, `journalctl` and `loginctl` of one user, in a folder. It remembers what is enabled and what runs, reads units by the rules of systemd's manuals, and
// starts them with nothing but their own environment.

const folder = process.env["FAKE_SYSTEMD"] ?? "";
const units = join(process.env["XDG_CONFIG_HOME"] ?? "", "systemd/user");
const [program = "", ...args] = process.argv.slice(2);
appendFileSync(join(folder, "calls"), `${[program, ...args].join(" ")}\n`);
process.exitCode = await (program === "systemctl" ? systemctl(args) : other(program));

async function systemctl([user, verb, ...rest]: string[]): Promise<number> {
  if (existsSync(join(folder, "no-bus")))
    return refuse("Failed to connect to bus: No medium found");
  if (user !== "--user") return refuse("not of this user");
  const unit = rest.find((arg) => !arg.startsWith("--")) ?? "";
  const now = rest.includes("--now");
  switch (verb ?? "") {
    case "daemon-reload":
      return 0;
    case "show":
      return show(unit);
    case "enable":
      if (!existsSync(join(units, unit)))
        return refuse(`Failed to enable unit: Unit file ${unit} does not exist.`);
      writeFileSync(join(folder, `${unit}.enabled`), "");
      if (now && pidOf(unit) === undefined) start(unit);
      return 0;
    case "disable":
      rmSync(join(folder, `${unit}.enabled`), { force: true });
      if (now) await stop(unit);
      return 0;
    default:
      return refuse(`Unknown command verb ${verb}`);
  }
}

function other(name: string): number {
  const file = join(folder, "journal");
  if (name === "journalctl" && existsSync(file)) process.stdout.write(readFileSync(file));
  if (name === "loginctl") process.stdout.write("Linger=no\n");
  return 0;
}

function show(unit: string): number {
  const isThere = existsSync(join(units, unit));
  const isEnabled = existsSync(join(folder, `${unit}.enabled`));
  const runs = pidOf(unit) !== undefined;
  process.stdout.write(
    [
      `LoadState=${isThere ? "loaded" : "not-found"}`,
      `ActiveState=${runs ? "active" : "inactive"}`,
      `SubState=${runs ? "running" : "dead"}`,
      `UnitFileState=${isEnabled ? "enabled" : isThere ? "disabled" : ""}`,
      "",
    ].join("\n"),
  );
  return 0;
}

function start(unit: string): void {
  const lines = readFileSync(join(units, unit), "utf8").split("\n");
  const valuesOf = (key: string) =>
    lines.flatMap((line) => (line.startsWith(`${key}=`) ? [line.slice(key.length + 1)] : []));
  const [command = "", ...words] = valuesOf("ExecStart").flatMap((value) =>
    wordsOf(value.replace(/^:/, "")),
  );
  const files = valuesOf("EnvironmentFile").map((value) =>
    value.replace(/^-/, "").replaceAll("%%", "%").replaceAll(/\\(.)/g, "$1"),
  );
  const given = [
    ...valuesOf("Environment").flatMap(wordsOf),
    ...files.flatMap((file) => readFileSync(file, "utf8").split("\n")),
  ].filter((line) => /^\w+=/.test(line));
  const env = Object.fromEntries(
    given.map((line) => [line.split("=", 1)[0], line.slice(line.indexOf("=") + 1)]),
  );
  const journal = openSync(join(folder, "journal"), "a");
  const { HOME, TMPDIR } = process.env;
  const child = spawn(command, words, {
    detached: true,
    stdio: ["ignore", journal, journal],
    env: { HOME, TMPDIR, ...env },
  });
  writeFileSync(join(folder, `${unit}.pid`), String(child.pid));
  child.unref();
}

/** Words in double quotes, as systemd.syntax(7) has them, and `%%`. */
function wordsOf(value: string): string[] {
  return [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = ""]) =>
    word.replaceAll(/\\(.)/g, "$1").replaceAll("%%", "%"),
  );
}

async function stop(unit: string): Promise<void> {
  const pid = pidOf(unit);
  if (pid === undefined) return;
  process.kill(pid, "SIGTERM");
  while (isRunning(pid)) await sleep(20);
}

function pidOf(unit: string): number | undefined {
  const file = join(folder, `${basename(unit)}.pid`);
  const pid = existsSync(file) ? Number(readFileSync(file, "utf8")) : undefined;
  return pid !== undefined && isRunning(pid) ? pid : undefined;
}

function refuse(why: string): number {
  process.stderr.write(`${why}\n`);
  return 1;
}

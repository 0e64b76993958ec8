import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { runAgentProcess } from "./agent-process.ts";
import { plainLine } from "./plain-line.ts";
import { exitText, tailOf } from "./turn-outcome.ts";

/** What an installed Amp CLI tells of itself. */
export interface AmpCli {
  version: string | null;
  /** The options that its help names; generations differ in them. */
  flags: ReadonlySet<string>;
  /** Why it cannot run, in its own words. */
  fault: string | null;
}

const probeMs = 20_000;

/** Asks the program itself; its name, age or version number say nothing reliable. */
export async function readAmpCli(
  command: string,
  env: Record<string, string>,
  signal: AbortSignal,
): Promise<AmpCli> {
  const [version, help] = await Promise.all([ask("--version"), ask("--help")]);
  const flags = new Set(help.text.match(/--[a-z][a-z-]+/g));
  return {
    version:
      version.fault === null
        ? (/\d+\.\d+\.\S+/.exec(version.text)?.[0] ?? version.text.split("\n")[0] ?? null)
        : null,
    flags,
    fault: version.fault ?? help.fault,
  };

  async function ask(option: string): Promise<{ text: string; fault: string | null }> {
    const output = tailOf(64 * 1024);
    const end = await runAgentProcess(
      {
        command,
        args: [option],
        cwd: tmpdir(),
        env: { ...env, AMP_SKIP_UPDATE_CHECK: "1" },
        input: "",
        mark: `ampx-probe-${randomUUID()}`,
        rawFile: null,
        wallMs: probeMs,
        stallMs: probeMs,
        graceMs: 1_000,
        redact: (text) => text,
        onLine: (_stream, line) => output.add(plainLine(line.text)),
      },
      signal,
    );
    const text = output.text();
    if (end.is === "exited" && end.code === 0) return { text, fault: null };
    const how =
      end.is === "exited"
        ? exitText(end)
        : end.is === "not_started"
          ? end.message
          : `did not answer (${end.is})`;
    return { text, fault: `amp ${option} ${how}${text === "" ? "" : `: ${text.slice(0, 300)}`}` };
  }
}

/** What may stand in the way of Amp, and what to do about it. */
export const ampProblems = {
  notInstalled: (name: string) => ({
    what: `the Amp CLI ("${name}") is not installed`,
    tryThis:
      "see https://ampcode.com/manual for how to install it, or set agents.amp.command to its path",
  }),
  noKey: {
    what: "AMP_API_KEY is not set in the worker's environment",
    tryThis: "make a key at https://ampcode.com/settings and start the server with AMP_API_KEY set",
  },
  faulty: (fault: string) => ({
    what: `the Amp CLI does not run: ${fault}`,
    tryThis: /native binary not installed/i.test(fault)
      ? "its platform package is missing: install a version whose package for this platform is published, with optional dependencies"
      : "run it by hand to see what is wrong, and reinstall it",
  }),
};

import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll } from "vitest";
import { endProcesses, processesOf } from "./left-processes.ts";

// Each test file gets a temporary folder of its own, and fails when at its end a file is left in it, a process that was
// started under it, a child of ours, or an open socket.

/** How long what is being closed may take to be gone. */
const GRACE_MS = 2_000;

const outer = tmpdir();
const own = mkdtempSync(join(outer, "ampx-test-"));
const socketsBefore = openSockets().length;
leaveThePersonOut();

// Hooks run last in, first out: registered first, this one sees the world after every hook of the file.
afterAll(async () => {
  let left = leftovers();
  const deadline = Date.now() + GRACE_MS;
  while (left.length > 0 && Date.now() < deadline) {
    await sleep(100);
    left = leftovers();
  }
  endProcesses(processesOf(own));
  rmSync(own, { recursive: true, force: true });
  process.env["TMPDIR"] = outer;
  if (left.length > 0) throw new Error(`This test file left behind:\n  ${left.join("\n  ")}`);
});

/** Whoever runs the tests has a home, a git identity, keys: none of it may decide how a test ends, or be written to. */
function leaveThePersonOut(): void {
  for (const name of Object.keys(process.env))
    if (
      /^(AMP_|AMPX_|GIT_|GH_|GITHUB_|ANTHROPIC_|CLAUDE|CODEX_|OPENAI_|OPENCODE_|GEMINI_|GOOGLE_)/.test(
        name,
      )
    )
      delete process.env[name];
  process.env["TMPDIR"] = own;
  process.env["AMPX_HOME"] = join(own, "home-of-nobody");
  process.env["GIT_CONFIG_GLOBAL"] = "/dev/null";
  process.env["GIT_CONFIG_NOSYSTEM"] = "1";
}

function leftovers(): string[] {
  return [
    ...processesOf(own).map(({ pid, commandLine }) => `process ${pid}: ${commandLine}`),
    ...readdirSync(own).map((name) => `file ${join(own, name)}`),
    ...openSockets()
      .slice(socketsBefore)
      .map((kind) => `open socket: ${kind}`),
  ];
}

/** Servers and connections that keep this process alive, over TCP and over socket files. */
function openSockets(): string[] {
  const kinds = new Set(["TCPServerWrap", "TCPSocketWrap", "PipeServerWrap", "UDPWrap"]);
  return process.getActiveResourcesInfo().filter((kind) => kinds.has(kind));
}

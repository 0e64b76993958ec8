import { execFileSync } from "node:child_process";
import { readSync, writeSync } from "node:fs";

// The `proc-receive` hook: unlike the other hooks it can give each branch its own reason, as GitHub does.

const zero = /^0+$/;
const locked = (process.env["FAKE_LOCKED"] ?? "").split("\n").filter((one) => one !== "");
const workflows = process.env["FAKE_WORKFLOWS"];

readPackets();
writePackets(["version=1\0"]);
const commands = readPackets();
writePackets(
  commands.flatMap((command) => {
    const [before = "", after = "", ref = ""] = command.split(" ");
    const reason = reasonAgainst(before, after, ref);
    return reason === undefined ? [`ok ${ref}`, "option fall-through"] : [`ng ${ref} ${reason}`];
  }),
);

function reasonAgainst(before: string, after: string, ref: string): string | undefined {
  if (locked.includes(ref.replace("refs/heads/", ""))) return "protected branch hook declined";
  if (workflows === undefined || zero.test(after)) return undefined;
  const { who, without } = JSON.parse(workflows) as { who: string; without: string };
  const path = changedWorkflow(before, after);
  if (path === undefined) return undefined;
  return `refusing to allow ${who} to create or update workflow \`${path}\` without ${without}`;
}

/** A workflow file that one of the new commits touches. */
function changedWorkflow(before: string, after: string): string | undefined {
  const known = zero.test(before) ? ["--not", "--branches"] : ["--not", before, "--branches"];
  const listed = execFileSync("git", [
    "log",
    "--format=",
    "--name-only",
    "-m",
    "--first-parent",
    after,
    ...known,
    "--",
    ".github/workflows",
  ]);
  return listed
    .toString()
    .split("\n")
    .find((path) => path !== "");
}

/** Up to the flush packet. */
function readPackets(): string[] {
  const packets: string[] = [];
  for (;;) {
    const length = Number.parseInt(readBytes(4).toString(), 16);
    if (length === 0) return packets;
    packets.push(
      readBytes(length - 4)
        .toString()
        .replace(/\n$/, ""),
    );
  }
}

function readBytes(length: number): Buffer {
  const bytes = Buffer.alloc(length);
  for (let read = 0; read < length;) {
    const more = readSync(0, bytes, read, length - read, null);
    if (more === 0) throw new Error("git ended before it had said all");
    read += more;
  }
  return bytes;
}

function writePackets(lines: readonly string[]): void {
  const packets = lines.map((line) => (line.length + 4).toString(16).padStart(4, "0") + line);
  writeSync(1, `${packets.join("")}0000`);
}

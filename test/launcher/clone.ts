import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What a start of the launcher ended with. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A start of the launcher that still runs. */
export interface Started {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Resolves when standard output has had this text. */
  printed(text: string): Promise<void>;
  kill(signal: NodeJS.Signals): void;
}

interface StartOptions {
  /** The machine has only Node 20. */
  readonly oldNode?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/**
 * A clone with the launcher, a command line that tells how it was started, and nothing else. Its PATH holds only fakes that
 * keep a diary: npm, and whatever a test adds.
 */
export function freshClone() {
  const folder = mkdtempSync(join(tmpdir(), "clone-"));
  const root = join(folder, "repo");
  const diary = join(folder, "diary");
  const bin = join(folder, "bin");
  const oldNode = write(
    join(folder, "old-node.mjs"),
    `Object.defineProperty(process, "version", { value: "v20.20.2" });`,
  );
  cpSync(repoFile("scripts"), join(root, "scripts"), { recursive: true });
  write(join(root, "package.json"), `{ "name": "fake" }`);
  write(join(root, "pnpm-lock.yaml"), "lockfileVersion: 9");
  write(join(root, "packages/cli/package.json"), "{}");
  write(join(root, "packages/cli/bin/ampx.js"), FAKE_AMPX);
  const addProgram = (name: string, source: string) =>
    chmodSync(write(join(bin, name), `#!${process.execPath}\n${source}`), 0o755);
  addProgram("npm", FAKE_NPM);

  const start = (args: readonly string[], options: StartOptions = {}): Started => {
    const preload = options.oldNode === true ? ["--import", oldNode] : [];
    return follow([...preload, join(root, "scripts/launch.mjs"), ...args], options.cwd ?? root, {
      PATH: bin,
      DIARY: diary,
      HOME: folder,
      ...options.env,
    });
  };
  return {
    root,
    start,
    run: (args: readonly string[], options?: StartOptions) => start(args, options).ended,
    /** The command lines of the fakes since the last look, without the clone's path. */
    newInDiary: () => {
      const lines = existsSync(diary) ? readFileSync(diary, "utf8").trimEnd().split("\n") : [];
      rmSync(diary, { force: true });
      return lines.map((line) => line.replaceAll(root, "<root>"));
    },
    addProgram,
    addPnpm: (version: string) => addProgram("pnpm", fakePnpm(version)),
    /** A tool of node_modules/.bin that prints its command line and ends with this code. */
    addTool: (name: string, code: number) => {
      const source = `#!${process.execPath}\nconsole.log("${name}", ...process.argv.slice(2)); process.exitCode = ${code};`;
      chmodSync(write(join(root, "node_modules/.bin", name), source), 0o755);
    },
    addNode: () => symlinkSync(process.execPath, join(bin, "node")),
    write: (path: string, text: string) => write(join(root, path), text),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function follow(args: string[], cwd: string, env: NodeJS.ProcessEnv): Started {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { TMPDIR: tmpdir(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  return {
    pid: child.pid ?? 0,
    ended: once(child, "close").then(([code, signal]) => ({ code, signal, stdout, stderr })),
    printed: async (text) => {
      while (!stdout.includes(text))
        await Promise.race([
          once(child.stdout, "data"),
          once(child, "close").then(() =>
            Promise.reject(new Error(`ended before it printed ${text}: ${stderr}`)),
          ),
        ]);
    },
    kill: (signal) => void child.kill(signal),
  };
}

function repoFile(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}

function write(path: string, text: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  return path;
}

const FAKE_AMPX = `
const [what, value] = process.argv.slice(2);
if (what === "exit") process.exit(Number(value));
if (what === "die") process.kill(process.pid, value);
if (what === "wait") {
  process.on(value, () => process.exit(7));
  setInterval(() => {}, 1000);
}
console.log(JSON.stringify({ cwd: process.cwd(), args: process.argv.slice(2), npm: Object.keys(process.env).filter((name) => /^npm_|INIT_CWD/.test(name)) }));
`;

// NPM_DOES: "fail" as npm fails, "hang" until it is ended; else it "downloads" what it was asked for.
const FAKE_NPM = `
const { appendFileSync, chmodSync, mkdirSync, symlinkSync, writeFileSync } = require("node:fs");
const args = process.argv.slice(2);
appendFileSync(process.env.DIARY, "npm " + args[0] + " " + args.at(-1) + "\\n");
if (process.env.NPM_DOES === "hang") setInterval(() => {}, 1000);
else if (process.env.NPM_DOES === "fail") {
  console.error("npm error code E404\\nnpm error no such thing");
  process.exitCode = 1;
} else {
  const name = args.at(-1).split("@")[0];
  const folder = args[args.indexOf("--prefix") + 1] + "/node_modules/" + name + "/bin";
  mkdirSync(folder, { recursive: true });
  if (name === "pnpm") writeFileSync(folder + "/pnpm.mjs", ${JSON.stringify(fakePnpm("11.28.11"))});
  else symlinkSync(process.execPath, folder + "/node");
}
`;

function fakePnpm(version: string): string {
  return `
import("node:fs").then(({ appendFileSync, existsSync, mkdirSync }) => {
  if (process.argv[2] === "--version") return console.log("${version}");
  appendFileSync(process.env.DIARY, "pnpm ${version} " + process.argv[2] + (process.argv.includes("--frozen-lockfile") ? " frozen" : "") + " in " + process.cwd() + "\\n");
  console.log("pnpm talks on standard output");
  if (process.env.PNPM_DOES === "fail") {
    console.log("ERR_PNPM_OUTDATED_LOCKFILE not up to date");
    process.exit(1);
  }
  mkdirSync("node_modules", { recursive: true });
  mkdirSync("packages/cli/node_modules", { recursive: true });
});
`;
}

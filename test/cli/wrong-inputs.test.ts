import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ruleNames } from "@ampx/core/tamper/index";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Person, person } from "./ampx.ts";

// Every command with what it does not accept: nothing on stdout, the exact words on stderr, the documented exit code.

let ada: Person;
beforeAll(async () => {
  ada = await person();
  await mkdir(join(ada.folder, "full"));
  await writeFile(join(ada.folder, "full/file"), "");
  await writeFile(join(ada.folder, "empty.md"), "\n");
});
afterAll(() => ada[Symbol.asyncDispose]());

const usage = 2;
const unreachable = 4;
const refused = 5;
const noServer = ["✗ No ampx server runs for <home>", "  try: ampx serve --detach"];

const cases: [command: string, code: number, ...stderr: string[]][] = [
  ["lss", usage, "✗ Unknown command: lss", "  try: ampx ls"],
  ["strat --repo x", usage, "✗ Unknown command: strat", "  try: ampx start"],
  ["frobnicate", usage, "✗ Unknown command: frobnicate", "  try: ampx help"],
  ["ci rnu", usage, "✗ Unknown command: ci rnu", "  try: ampx ci run"],
  ["help strat", usage, "✗ Unknown command: strat", "  try: ampx help start"],

  ["webhook forward", usage, "✗ Missing flag --repo", "  try: ampx webhook forward --help"],
  [
    "webhook forward --repo shop",
    usage,
    '✗ --repo is "shop", not owner/name',
    "  try: --repo acme/shop",
  ],
  [
    "doctor --github-url git.example.org",
    usage,
    '✗ --github-url is "git.example.org", not an address',
    "  try: --github-url https://github.example.org",
  ],
  [
    "start",
    usage,
    "✗ Nothing says what to do",
    '  try: --task "…", or --issue <number> for a repository on GitHub',
  ],
  ["start --task", usage, "✗ --task expects a value", "  try: ampx start --help"],
  [
    "start --task a --task b",
    usage,
    "✗ --task can only be specified once",
    "  try: ampx start --help",
  ],
  [
    "start --tassk x",
    usage,
    "✗ Unknown flag --tassk",
    "  try: --task (all flags: ampx start --help)",
  ],
  ["start x --task y", usage, "✗ Unexpected argument: x", "  try: ampx start --help"],
  [
    "start --task y",
    usage,
    "✗ No --repo is given, and <folder> is in no git repository",
    "  try: --repo <path>, or ampx init for a new project",
  ],
  [
    "start --task @none.md",
    usage,
    "✗ --task: <folder>/none.md does not exist",
    '  try: --task "what to do", or the path of a file that can be read',
  ],
  [
    "start --task @empty.md",
    usage,
    "✗ empty.md is empty",
    '  try: --task "what to do", --task @file, or --task - and the text on stdin',
  ],
  [
    "start --task -",
    usage,
    "✗ What came on stdin is empty",
    '  try: --task "what to do", --task @file, or --task - and the text on stdin',
  ],
  [
    "start --repo x --task y --max-attempts 0",
    usage,
    '✗ --max-attempts is "0", not a whole number from 1 to 100',
    "  try: --max-attempts 1",
  ],
  [
    "start --repo x --task y --max-attempts 1.5",
    usage,
    '✗ --max-attempts is "1.5", not a whole number from 1 to 100',
    "  try: --max-attempts 1",
  ],
  [
    "start --repo x --task y --max-minutes long",
    usage,
    '✗ --max-minutes is "long", not a number from 0.1 to 10080',
    "  try: --max-minutes 1",
  ],
  [
    "start --repo x --task y --max-usd 0",
    usage,
    '✗ --max-usd is "0", not a number from 0.01 to 1000000',
    "  try: --max-usd 1",
  ],
  [
    "start --repo x --task y --max-tokens lots",
    usage,
    '✗ --max-tokens is "lots", not a number of tokens such as 500000, 500k or 2m',
    "  try: --max-tokens 2m",
  ],
  [
    "start --repo x --task y --max-tokens 0.5",
    usage,
    '✗ --max-tokens is "0.5", not a number of tokens such as 500000, 500k or 2m',
    "  try: --max-tokens 2m",
  ],
  [
    "start --repo x --task y --deadline soon",
    usage,
    '✗ --deadline "soon" is not a time',
    "  try: --deadline 8h, or --deadline 2030-01-31T18:00",
  ],
  [
    "start --repo x --task y --deadline 2001-01-01T00:00",
    usage,
    '✗ --deadline "2001-01-01T00:00" is over already',
    "  try: --deadline 8h, or --deadline 2030-01-31T18:00",
  ],
  [
    "start --repo x --task y --deadline 400d",
    usage,
    '✗ --deadline "400d" is more than a year away',
    "  try: --deadline 8h, or --deadline 2030-01-31T18:00",
  ],

  ["ls", unreachable, ...noServer],
  ["list", unreachable, ...noServer],
  [
    "ls --status done",
    usage,
    '✗ --status does not know "done"; it knows queued, running, retrying, needs_review, success, aborted, error',
    "  try: ampx ls --help",
  ],
  [
    "ls --limit many",
    usage,
    '✗ --limit is "many", not a whole number from 1 to 500',
    "  try: --limit 1",
  ],
  ["ls --wacth", usage, "✗ Unknown flag --wacth", "  try: --watch (all flags: ampx ls --help)"],
  ["ls x", usage, "✗ Unexpected argument: x", "  try: ampx ls --help"],

  ["show", usage, "✗ Missing argument ID", "  try: ampx show --help"],
  ["show a b", usage, "✗ Unexpected argument: b", "  try: ampx show --help"],
  ["show x4k2pa", unreachable, ...noServer],
  ["logs", usage, "✗ Missing argument ID", "  try: ampx logs --help"],
  [
    "logs x4k2pa --tail -1",
    usage,
    '✗ --tail is "-1", not a whole number from 0 to 100000',
    "  try: --tail 1",
  ],
  [
    "logs x4k2pa --attempt first",
    usage,
    '✗ --attempt is "first", not a whole number from 1 to 10000',
    "  try: --attempt 1",
  ],
  ["logs x4k2pa", unreachable, ...noServer],
  ["continue", usage, "✗ Missing argument ID", "  try: ampx continue --help"],
  ["continue x4k2pa", unreachable, ...noServer],
  [
    "continue x4k2pa --allow",
    usage,
    `✗ --allow expects one of these values: base_is_red, overlaps, ${ruleNames.join(", ")}`,
    "  try: ampx continue --help",
  ],
  [
    "continue x4k2pa -m - and more",
    usage,
    '✗ -m - reads the message from stdin, but "and more" stands here too',
    "  try: one of both",
  ],
  ["continue x4k2pa -m go on", unreachable, ...noServer],
  [
    "continue x4k2pa --interrupt",
    usage,
    "✗ --interrupt is for words, and there are none",
    '  try: ampx continue x4k2pa --interrupt -m "…"',
  ],
  [
    "continue x4k2pa --max-tokens 0",
    usage,
    '✗ --max-tokens is "0", not a number of tokens such as 500000, 500k or 2m',
    "  try: --max-tokens 2m",
  ],
  ["answer", usage, "✗ Missing argument ID", "  try: ampx answer --help"],
  [
    "answer x4k2pa 1",
    usage,
    "✗ An answer is either --allow or --deny",
    "  try: ampx answer x4k2pa --allow",
  ],
  [
    "answer x4k2pa --allow --deny",
    usage,
    "✗ An answer is either --allow or --deny",
    "  try: ampx answer x4k2pa --allow",
  ],
  ["answer x4k2pa --allow", unreachable, ...noServer],
  ["attach", usage, "✗ Missing argument ID", "  try: ampx attach --help"],
  [
    "attach x4k2pa --leave --shell",
    usage,
    "✗ --leave gives the task back: there is nothing to open then",
    "  try: ampx attach x4k2pa --leave",
  ],
  ["attach x4k2pa", unreachable, ...noServer],
  ["attach x4k2pa --leave", unreachable, ...noServer],
  ["abort", usage, "✗ Missing argument ID", "  try: ampx abort --help"],
  ["abort x4k2pa", unreachable, ...noServer],
  ["why", usage, "✗ Missing argument ID", "  try: ampx why --help"],
  ["why x4k2pa", unreachable, ...noServer],
  ["locks relaese x", usage, "✗ Unexpected argument: relaese x", "  try: ampx locks --help"],
  ["locks release", usage, "✗ Missing argument LOCK", "  try: ampx locks release --help"],
  ["locks release user-auth --yes", unreachable, ...noServer],
  ["pause now", usage, "✗ Unexpected argument: now", "  try: ampx pause --help"],
  ["resume --all", usage, "✗ Unknown flag --all", "  try: ampx resume --help"],
  [
    "drain --timeout soon",
    usage,
    '✗ --timeout is "soon", not a duration such as 90s, 30m or 2h',
    "  try: --timeout 30m",
  ],
  ["merge", usage, "✗ Missing argument ID", "  try: ampx merge --help"],
  ["merge x4k2pa --force", usage, "✗ Unknown flag --force", "  try: ampx merge --help"],
  ["merge x4k2pa", unreachable, ...noServer],

  [
    "serve --port 70000",
    usage,
    '✗ --port is "70000", not a whole number from 0 to 65535',
    "  try: --port 1",
  ],
  ["serve now", usage, "✗ Unexpected argument: now", "  try: ampx serve --help"],
  ["stop --now", usage, "✗ Unknown flag --now", "  try: ampx stop --help"],
  [
    "stats --since soon",
    usage,
    '✗ --since "soon" is not a time',
    "  try: --since 7d, or --since 2026-11-01",
  ],
  [
    "stats --since 2999-01-01",
    usage,
    '✗ --since "2999-01-01" is still to come',
    "  try: --since 7d, or --since 2026-11-01",
  ],
  [
    "stats --by hour",
    usage,
    '✗ --by does not know "hour"; it knows agent, day, repo, creator, task',
    "  try: ampx stats --help",
  ],
  ["stats", unreachable, ...noServer],
  ["agents x", usage, "✗ Unexpected argument: x", "  try: ampx agents --help"],
  ["status", unreachable, ...noServer],
  ["status x", usage, "✗ Unexpected argument: x", "  try: ampx status --help"],
  ["doctor --fix", usage, "✗ Unknown flag --fix", "  try: ampx doctor --help"],

  ["init full", refused, "✗ <folder>/full is not empty: file", "  try: ampx init <new folder>"],
  [
    "init new --name a/b",
    usage,
    '✗ "a/b" cannot be the name of a project: letters, digits, ".", "_" and "-" only',
    "  try: ampx init --name <name>",
  ],
  ["init a b", usage, "✗ Unexpected argument: b", "  try: ampx init --help"],
  ["validate", usage, "✗ Missing argument PATHS", "  try: ampx validate --help"],
  ["validate nowhere", 3, "✗ nowhere does not exist", "  try: a file or a folder of tickets"],
  ["ci run", usage, "✗ Missing arguments REPO REF SHA", "  try: ampx ci run --help"],
  [
    "ci run x main abc",
    usage,
    '✗ "abc" is not a full commit id',
    "  try: git rev-parse <commit> prints it",
  ],
  ["completion", usage, "✗ Missing argument SHELL", "  try: ampx completion --help"],
  [
    "completion tcsh",
    usage,
    '✗ "tcsh" is none of bash, zsh, fish',
    "  try: ampx completion --help",
  ],
];

describe.concurrent("a wrong command line is told with what to do", () => {
  test.each(cases)(
    "ampx %s: exit code %i",
    { timeout: 60_000 },
    async (command, code, ...stderr) => {
      const ended = await ada.ampx(command.split(" "));
      const told = ended.stderr.replaceAll(ada.home, "<home>").replaceAll(ada.folder, "<folder>");
      expect({ ...ended, stderr: told }).toEqual({
        code,
        stdout: "",
        stderr: `${stderr.join("\n")}\n`,
      });
    },
  );

  test("as JSON on stdout under --json", async () => {
    const ended = await ada.ampx(["show", "x4k2pa", "--json"]);
    expect({ ...ended, stdout: JSON.parse(ended.stdout) }).toEqual({
      code: unreachable,
      stderr: "",
      stdout: {
        error: {
          kind: "unreachable",
          message: `No ampx server runs for ${ada.home}`,
          try_this: "ampx serve --detach",
          exit_code: unreachable,
        },
      },
    });
    const wrong = await ada.ampx(["ls", "--json", "--limit", "x"]);
    expect(JSON.parse(wrong.stdout)).toMatchObject({
      error: { kind: "invalid", exit_code: usage },
    });
  });

  test("when the home cannot be known", async () => {
    const relative = await ada.ampx(["ls"], { env: { AMPX_HOME: "somewhere" } });
    expect(relative).toMatchObject({ code: usage, stdout: "" });
    expect(relative.stderr).toContain("AMPX_HOME is not an absolute path");
  });

  test("when the system is Windows", async () => {
    const code = 'Object.defineProperty(process,"platform",{value:"win32"})';
    const asWindows = `--import=data:text/javascript,${encodeURIComponent(code)}`;
    const ended = await ada.ampx(["ls"], { env: { NODE_OPTIONS: asWindows } });
    expect(ended).toEqual({
      code: 1,
      stdout: "",
      stderr:
        "✗ ampx runs on Linux and macOS, not on Windows itself\n" +
        "  try: in WSL (wsl --install), where it runs as on Linux\n",
    });
  });

  test("and every word after -- is an argument", async () => {
    const ended = await ada.ampx(["show", "--", "--json"]);
    expect(ended).toMatchObject({ code: unreachable, stdout: "" });
  });
});

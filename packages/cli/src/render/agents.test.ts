import type { AgentAbilities } from "@ampx/core";
import { beforeAll, describe, expect, test } from "vitest";
import type { AgentsReport } from "../agents-report.ts";
import { agentsTable } from "./agents-table.ts";
import { plain } from "./paint.ts";
import { parkedWords } from "./parked-words.ts";
import { statusPage } from "./status-page.ts";
import { now, usedNothing } from "./task-view-fixture.ts";

beforeAll(() => {
  process.env["TZ"] = "UTC";
});

const can: AgentAbilities = {
  resume: true,
  tokens: "live",
  cost: "at_end",
  permissions: true,
  steering: false,
};
const limited = {
  agent: "claude",
  kind: "rate_limit",
  message: "usage limit reached",
  since: "2026-03-01T11:58:30.000Z",
  until: "2026-03-01T15:00:00.000Z",
};
const signedOut = {
  ...limited,
  agent: "codex",
  kind: "auth",
  message: "run `codex login`",
  until: "2026-03-01T12:30:00.000Z",
};

const agents: AgentsReport["agents"] = [
  {
    name: "amp",
    command: null,
    version: null,
    problems: [
      { what: "the Amp CLI is not installed", try_this: "install it" },
      { what: "AMP_API_KEY is not set", try_this: "make a key" },
    ],
    can: { ...can, cost: "never", permissions: false },
    default: false,
    parked: null,
  },
  {
    name: "claude",
    command: "/usr/bin/claude",
    version: "2.1.329",
    problems: [],
    can,
    default: true,
    parked: limited,
  },
  {
    name: "codex",
    command: "/usr/bin/codex",
    version: "0.169.0",
    problems: [{ what: "Codex is not signed in", try_this: "run `codex login`" }],
    can: { ...can, resume: false },
    default: false,
    parked: null,
  },
  {
    name: "opencode",
    command: "/usr/bin/opencode",
    version: "1.18.33",
    problems: [],
    can,
    default: false,
    parked: null,
  },
];

describe("the agents", () => {
  test("are a table of what each can do, with what is wrong below it", () => {
    expect(agentsTable({ asked: "here", agents }, { now, paint: plain })).toMatchInlineSnapshot(`
      "AGENT             VERSION  STATE            RESUMES  TOKENS  COST    ASKS  LISTENS
      amp               –        – not installed  yes      live    never   no    no
      claude (default)  2.1.329  ! parked         yes      live    at end  yes   no
      codex             0.169.0  ✗ not ready      no       live    at end  yes   no
      opencode          1.18.33  ✓ ready          yes      live    at end  yes   no

      RESUMES its session · tells TOKENS and COST · ASKS before it uses a tool · LISTENS while it works

      amp: the Amp CLI is not installed
        try: install it
      claude: parked until 15:00: its provider's limit: usage limit reached
      codex: Codex is not signed in
        try: run \`codex login\`"
    `);
  });

  test("that a task gets by default and are not installed are told as not ready", () => {
    const [amp] = agents;
    const text = agentsTable(
      { asked: "here", agents: [{ ...amp!, default: true }] },
      { now, paint: plain },
    );
    expect(text).toMatch(/amp \(default\) {2}– {8}✗ not ready/);
  });
});

test("a parked agent is told with until when and why, and one that is signed out with what to do", () => {
  expect(
    [limited, signedOut, { ...limited, kind: "overloaded" }].map((one) => parkedWords(one, now)),
  ).toMatchInlineSnapshot(`
    [
      "until 15:00: its provider's limit: usage limit reached",
      "until you sign in: run \`codex login\` (tried again at 12:30)",
      "until 15:00: its provider is overloaded: usage limit reached",
    ]
  `);
});

test("the server's page tells who is parked, what was used today of how much, and what GitHub still takes", () => {
  const server = {
    pid: 7,
    url: "http://127.0.0.1:8080",
    version: "0.1.0",
    started_at: "2026-03-01T09:00:00.000Z",
  };
  const status = {
    version: "0.1.0",
    home: "/home/ada/.local/share/ampx",
    workers: [
      {
        id: "w",
        pid: 9,
        host: "box",
        alive_at: "2026-03-01T11:59:58.000Z",
        slots: 3,
        busy: 1,
        agents,
      },
    ],
    tasks: {},
    parked: [limited, signedOut],
    used_today: { ...usedNothing, usd: 3.2, input_tokens: 1_200_000 },
    max_usd_per_day: 20,
    max_tokens_per_day: null,
    github_url: "https://github.com",
    pauses: [],
    turns: [],
    rate_limits: [
      {
        host: "github.com",
        scope: "token",
        limit: 5_000,
        remaining: 4_812,
        resets_at: "2026-03-01T12:40:00.000Z",
        told_at: "2026-03-01T11:59:58.000Z",
      },
      {
        host: "git.acme.test",
        scope: "installation 9",
        limit: 5_000,
        remaining: 500,
        resets_at: "2026-03-01T12:40:00.000Z",
        told_at: "2026-03-01T11:59:58.000Z",
      },
    ],
  };
  expect(statusPage(server, status, { now, paint: plain })).toMatchInlineSnapshot(`
    "● ampx 0.1.0 at http://127.0.0.1:8080, pid 7, up 3h
      home    /home/ada/.local/share/ampx
      tasks   none
      today   $3.20 of $20, 1.2M tokens
      worker  pid 9 on box, 1 of 3 agent slots busy, seen 2s ago
      agents  ✓ claude 2.1.329, opencode 1.18.33
              ✗ amp, codex: ampx agents says why
      github  4812 of 5000 requests left until 12:40 (token)
      github  500 of 5000 requests left until 12:40 (git.acme.test, installation 9), which are kept for people
      parked  ! claude until 15:00: its provider's limit: usage limit reached
      parked  ! codex until you sign in: run \`codex login\` (tried again at 12:30)"
  `);
});

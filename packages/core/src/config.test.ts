import { describe, expect, test } from "vitest";
import { loadConfig, type ConfigSources } from "./config.ts";
import { configKeys } from "./config/config-keys.ts";
import { defaultTamperPolicy, ruleNames } from "./tamper/index.ts";
import { UserError } from "./user-error.ts";

const user = (text: string): ConfigSources => ({ userYaml: { file: "/me/config.yaml", text } });
const project = (text: string): ConfigSources => ({ projectYaml: { file: "ampx.yaml", text } });

describe("loadConfig", () => {
  test("has a default for everything that needs one", () => {
    const { config, origins } = loadConfig({});
    expect(config).toEqual({
      agent: "amp",
      agent_fallbacks: [],
      fallback_minutes: 5,
      permissions: "worktree",
      agents: {
        amp: { args: [] },
        claude: { args: [] },
        codex: { sandbox: "danger-full-access", args: [] },
        opencode: { args: [] },
        gemini: { args: [] },
        acp: {},
        command: {},
        scripted: {},
      },
      agent_env: [],
      secret_env: [],
      max_attempts: 5,
      max_minutes: 120,
      prices: {},
      sandbox: { mode: "none", network: true, writable: [], readable: [] },
      slots: 3,
      tickets: {
        start_after: "merged",
        hold_locks: "merged",
        lock_hours: 24,
        age_hours: 4,
        overlaps: "tell",
        branches: "ampx",
        scan_seconds: 10,
      },
      stall_minutes: 10,
      max_fruitless: 3,
      preflight: { timeout_minutes: 10 },
      gate: defaultTamperPolicy,
      ci: { timeout_minutes: 30, poll_seconds: 2, check_base: true },
      github: {
        url: "https://github.com",
        poll_seconds: 10,
        first_run_seconds: 90,
        settle_seconds: 20,
        fail_fast: false,
        draft: false,
        labels: [],
        reviewers: [],
        assignees: [],
        delete_branch: true,
        commands: false,
        watch: [],
        label: "ampx",
        link_issues: "closes",
        review_comments: true,
        review_seconds: 60,
        review_debounce_seconds: 60,
      },
      git: { name: "ampx", email: "ampx@localhost" },
      port: 8080,
      branch_prefix: "amp/",
      worktrees: { max_age_days: 14, max_gigabytes: 20 },
      logs: { lines_per_task: 5000 },
      lease_seconds: 15,
    });
    expect([...origins.keys()]).toEqual([...configKeys.keys()]);
    expect(new Set([...origins.values()].map(({ from }) => from))).toEqual(new Set(["default"]));
  });

  test("takes each key from the uppermost place that sets it, and tells which", () => {
    const { config, origins } = loadConfig({
      flags: { max_attempts: 1, agent: undefined },
      env: { AMPX_MAX_ATTEMPTS: "2", AMPX_MAX_MINUTES: "2.5", AMPX_SLOTS: "" },
      userYaml: {
        file: "/me/config.yaml",
        text: "max_attempts: 3\nmax_minutes: 3\nci:\n  poll_seconds: 3\n",
      },
      projectYaml: {
        file: "ampx.yaml",
        text: "max_attempts: 4\nmax_minutes: 4\nci: { poll_seconds: 4, timeout_minutes: 4 }\n",
      },
    });
    expect(config).toMatchObject({
      max_attempts: 1,
      max_minutes: 2.5,
      slots: 3,
      agent: "amp",
      ci: { poll_seconds: 3, timeout_minutes: 4 },
    });
    expect(
      ["max_attempts", "max_minutes", "ci.poll_seconds", "ci.timeout_minutes", "slots"].map(
        (name) => origins.get(name),
      ),
    ).toEqual([
      { from: "flag", at: "--max-attempts" },
      { from: "environment", at: "AMPX_MAX_MINUTES" },
      { from: "user config", at: "/me/config.yaml:4:17" },
      { from: "project config", at: "ampx.yaml:3:41" },
      { from: "default", at: null },
    ]);
  });

  test("reads every kind of value", () => {
    const text = `
agent: command
agents:
  amp: { command: /opt/amp, mode: smart, args: [--x] }
  command: { command: [my-agent, "--quiet"] }
  scripted:
    script: turns.yaml
agent_env: [JAVA_HOME]
secret_env: []
git: { name: Ada Lovelace }
url: https://example.com:8443
`;
    expect(loadConfig(user(text)).config).toMatchObject({
      agent: "command",
      agents: {
        amp: { command: "/opt/amp", mode: "smart", args: ["--x"] },
        command: { command: ["my-agent", "--quiet"] },
        scripted: { script: "turns.yaml" },
      },
      agent_env: ["JAVA_HOME"],
      git: { name: "Ada Lovelace", email: "ampx@localhost" },
      url: "https://example.com:8443",
    });
  });

  test.each(["", "\n# nothing\n", "ci:\n  # timeout_minutes: 3\nagents:\n", "---\n", "null"])(
    "takes a file that sets nothing for what it is: %j",
    (text) => {
      expect(loadConfig({ ...user(text), ...project(text) })).toEqual(loadConfig({}));
    },
  );

  test.each<[what: string, sources: ConfigSources, message: string]>([
    [
      "an unknown key",
      user("max_attempt: 3"),
      "/me/config.yaml:1:1: unknown key max_attempt; did you mean max_attempts?",
    ],
    [
      "an unknown key in a group",
      user("ci:\n  timeout: 3"),
      "/me/config.yaml:2:3: unknown key ci.timeout",
    ],
    [
      "a misspelt key in a group",
      user("ci:\n  timeout_minute: 3"),
      "/me/config.yaml:2:3: unknown key ci.timeout_minute; did you mean ci.timeout_minutes?",
    ],
    [
      "a key outside its group",
      user("poll_seconds: 3"),
      "/me/config.yaml:1:1: unknown key poll_seconds; did you mean ci.poll_seconds?",
    ],
    ["a key like no other", user("colour: red"), "/me/config.yaml:1:1: unknown key colour"],
    ["a key that is no text", user("3: red"), "/me/config.yaml:1:1: unknown key 3"],
    [
      "a key named as an object's own",
      user("constructor: 1"),
      "/me/config.yaml:1:1: unknown key constructor",
    ],
    [
      "a value for a group",
      user("ci: 4"),
      "/me/config.yaml:1:5: ci must hold keys: timeout_minutes, poll_seconds, check_base",
    ],
    [
      "text for a number",
      user("\nmax_minutes: soon"),
      "/me/config.yaml:2:14: max_minutes must be a number greater than 0, up to 10080",
    ],
    [
      "too small a number",
      user("slots: 0"),
      "/me/config.yaml:1:8: slots must be a whole number from 1 to 64",
    ],
    [
      "half a slot",
      user("slots: 1.5"),
      "/me/config.yaml:1:8: slots must be a whole number from 1 to 64",
    ],
    [
      "an unknown agent",
      user("agent: amq"),
      "/me/config.yaml:1:8: agent must be amp, claude, codex, opencode, gemini, acp, command or scripted",
    ],
    ["a list for text", user("git: { name: [a] }"), "/me/config.yaml:1:14: git.name must be text"],
    ["text for a list", user("agent_env: PATH"), "/me/config.yaml:1:12: agent_env must be a list"],
    [
      "a wrong element",
      user("agent_env:\n  - A\n  - B-C"),
      "/me/config.yaml:3:5: agent_env[1] must be the name of an environment variable",
    ],
    [
      "a path from nowhere",
      user("sandbox: { writable: [~/.npm, cache] }"),
      "/me/config.yaml:1:31: sandbox.writable[1] must be a path that begins with / or ~/",
    ],
    [
      "a sandbox that a project would open",
      project("sandbox: { mode: none }"),
      "ampx.yaml:1:12: sandbox.mode cannot be set by a project's file, which comes from the repository; set it in your own config file",
    ],
    [
      "an empty command",
      user("agents: { command: { command: [] } }"),
      "/me/config.yaml:1:31: agents.command.command must name a program",
    ],
    [
      "a branch that git would refuse",
      user("branch_prefix: a..b/"),
      "/me/config.yaml:1:16: branch_prefix must be the beginning of a branch name, such as amp/",
    ],
    [
      "an address of another kind",
      user("url: ftp://example.com"),
      "/me/config.yaml:1:6: url must be an http:// or https:// address",
    ],
    [
      "a name of two lines",
      user('git: { name: "a\\nb" }'),
      "/me/config.yaml:1:14: git.name must be one line without < and >",
    ],
    [
      "a list for a file",
      user("- a"),
      '/me/config.yaml:1:1: expected lines of the form "key: value"',
    ],
    ["a key twice", user("slots: 1\nslots: 2"), "/me/config.yaml:2:1: Map keys must be unique"],
    [
      "an alias",
      user("agent_env: &a [A]\nsecret_env: *a"),
      "/me/config.yaml:2:13: an alias (*a) is not supported here",
    ],
    [
      "a wrong variable",
      { env: { AMPX_SLOTS: "many" } },
      "AMPX_SLOTS must be a whole number from 1 to 64",
    ],
    [
      "a variable in hexadecimal",
      { env: { AMPX_PORT: "0x10" } },
      "AMPX_PORT must be a whole number from 0 to 65535",
    ],
    [
      "a wrong flag",
      { flags: { "ci.timeout_minutes": -1 } },
      "--ci-timeout-minutes must be a number greater than 0, up to 1440",
    ],
    [
      "what only the user may set, in a project's file",
      project("max_attempts: 3\nagents:\n  amp:\n    command: rm"),
      "ampx.yaml:4:5: agents.amp.command cannot be set by a project's file, which comes from the repository; set it in your own config file",
    ],
  ])("refuses %s, naming the place", (_, sources, message) => {
    expect(() => loadConfig(sources)).toThrow(UserError);
    expect(() => loadConfig(sources)).toThrow(
      new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`),
    );
  });

  test("refuses what is no YAML, naming the place", () => {
    expect(() => loadConfig(user("ci: {\nslots: 3"))).toThrow(/^\/me\/config\.yaml:\d:\d+: /);
  });

  test("names everything that is wrong at once", () => {
    const problems = () =>
      loadConfig({ ...user("slot: 1\nport: a"), env: { AMPX_SLOTS: "x" }, flags: { port: -1 } });
    expect(problems).toThrow(/slot;.*\n.*:2:7: port .*\nAMPX_SLOTS .*\n--port /);
  });

  test("lets a project set nothing that could harm the machine", () => {
    expect([...configKeys.values()].filter((key) => key.project).map((key) => key.name)).toEqual([
      "agent",
      "agent_fallbacks",
      "max_attempts",
      "max_minutes",
      "max_usd",
      "max_tokens",
      "tickets.overlaps",
      "tickets.branches",
      "stall_minutes",
      "max_fruitless",
      "preflight.commands",
      "preflight.timeout_minutes",
      ...ruleNames.map((rule) => `gate.${rule}`),
      "gate.protected_paths",
      "ci.timeout_minutes",
      "ci.poll_seconds",
      "ci.check_base",
      "github.fail_fast",
      "github.draft",
      "github.labels",
      "github.reviewers",
      "github.assignees",
      "github.merge_method",
      "github.delete_branch",
      "github.link_issues",
      "branch_prefix",
    ]);
  });

  test("calls a flag that is no key a mistake of the program", () => {
    expect(() => loadConfig({ flags: { colour: "red" } })).toThrow(
      "No config key is called colour",
    );
  });
});

test("every key is described, has a variable of its own unless it is more than one value, and an example where it has no default", () => {
  const keys = [...configKeys.values()];
  const variables = keys.flatMap(({ variable }) => variable ?? []);
  expect(new Set(variables).size).toBe(variables.length);
  expect(keys.filter(({ variable }) => variable === null).map(({ name }) => name)).toEqual([
    "agent_fallbacks",
    "agents.amp.args",
    "agents.claude.args",
    "agents.codex.args",
    "agents.opencode.args",
    "agents.gemini.args",
    "agents.acp.command",
    "agents.command.command",
    "sandbox.writable",
    "sandbox.readable",
    "agent_env",
    "secret_env",
    "prices.amp",
    "prices.codex",
    "prices.gemini",
    "prices.opencode",
    "prices.acp",
    "preflight.commands",
    "gate.protected_paths",
    "github.labels",
    "github.reviewers",
    "github.assignees",
    "github.watch",
  ]);
  for (const { description, schema, example } of keys) {
    expect(description).toMatch(/^[A-Z].*\.$/);
    expect((schema.parse(undefined) === undefined) === (example !== undefined)).toBe(true);
    if (example !== undefined) expect(schema.parse(example)).toEqual(example);
  }
});

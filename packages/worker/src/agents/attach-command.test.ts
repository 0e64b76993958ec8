import { expect, test } from "vitest";
import { attachCommand } from "./attach-command.ts";

test.each([
  ["amp", "T-1", "/bin/x threads continue T-1"],
  ["claude", "s-1", "/bin/x --resume s-1"],
  ["codex", "s-1", "/bin/x resume s-1"],
  ["opencode", "ses_1", "/bin/x --session ses_1"],
  ["gemini", "s-1", "/bin/x"],
])("%s takes up its session in a terminal", (agent, session, line) => {
  expect(attachCommand(agent, "/bin/x", session)?.join(" ")).toBe(line);
  expect(attachCommand(agent, "/bin/x", null)).toEqual(["/bin/x"]);
});

test("a session's name never becomes an option", () => {
  expect(attachCommand("claude", "claude", "--dangerously-skip-permissions")).toEqual(["claude"]);
});

test.each(["command", "acp", "scripted", "constructor"])(
  "%s has no command of its own",
  (agent) => {
    expect(attachCommand(agent, "x", "s")).toBeNull();
  },
);

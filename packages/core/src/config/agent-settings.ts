import { z } from "zod";
import { group, text, words } from "./setting-schemas.ts";

/** How each agent is started. */
export const agentSettings = group("How each agent is started.", {
  amp: group("The Amp CLI.", {
    command: text().optional().meta({
      description: "The program; found on the PATH by default.",
      example: "/usr/local/bin/amp",
    }),
    mode: text()
      .optional()
      .meta({ description: "Amp's mode; Amp's own default by default.", example: "smart" }),
    args: words().default([]).describe("More arguments, after those that ampx gives."),
  }),
  claude: group("Claude Code.", {
    command: text().optional().meta({
      description: "The program; found on the PATH by default.",
      example: "/usr/local/bin/claude",
    }),
    model: text().optional().meta({
      description: "The model; Claude Code's own choice by default.",
      example: "sonnet",
    }),
    args: words().default([]).describe("More arguments, after those that ampx gives."),
  }),
  codex: group("The Codex CLI.", {
    command: text().optional().meta({
      description: "The program; found on the PATH by default.",
      example: "/usr/local/bin/codex",
    }),
    model: text().optional().meta({
      description: "The model; Codex's own choice by default.",
      example: "gpt-5-codex",
    }),
    sandbox: z
      .enum(
        ["danger-full-access", "workspace-write"],
        "must be danger-full-access or workspace-write",
      )
      .default("danger-full-access")
      .describe(
        "What Codex's own sandbox lets its commands do: danger-full-access (all that you may) or workspace-write (no network, and nothing written outside the worktree).",
      ),
    args: words().default([]).describe("More arguments, after those that ampx gives."),
  }),
  opencode: group("The opencode CLI.", {
    command: text().optional().meta({
      description: "The program; found on the PATH by default.",
      example: "/usr/local/bin/opencode",
    }),
    model: text().optional().meta({
      description: "The model, with its provider; opencode's own choice by default.",
      example: "anthropic/claude-sonnet-4-5",
    }),
    args: words().default([]).describe("More arguments, after those that ampx gives."),
  }),
  gemini: group("The Gemini CLI.", {
    command: text().optional().meta({
      description: "The program; found on the PATH by default.",
      example: "/usr/local/bin/gemini",
    }),
    model: text().optional().meta({
      description: "The model; Gemini's own choice by default.",
      example: "gemini-2.5-pro",
    }),
    args: words().default([]).describe("More arguments, after those that ampx gives."),
  }),
  acp: group(
    "Any agent that speaks the Agent Client Protocol on its standard input and output. Names of its keys go into agent_env.",
    {
      command: words()
        .min(1, "must name a program")
        .optional()
        .meta({
          description: "The program and its arguments. No shell reads them.",
          example: ["opencode", "acp"],
        }),
      mode: text().optional().meta({
        description:
          "The id of the session mode to work in, such as one that asks for no permission; the agent's own default by default.",
        example: "bypassPermissions",
      }),
    },
  ),
  command: group(
    "Any program that reads the prompt from its standard input and works in its working directory.",
    {
      command: words()
        .min(1, "must name a program")
        .optional()
        .meta({
          description: "The program and its arguments. No shell reads them.",
          example: ["my-agent", "--quiet"],
        }),
    },
  ),
  scripted: group("An agent without a model.", {
    script: text()
      .optional()
      .meta({ description: "The file of the script.", example: "./turns.yaml" }),
  }),
});

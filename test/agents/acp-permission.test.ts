import { access, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PermissionAnswer } from "@ampx/core";
import { createAgent } from "@ampx/worker";
import { expect, test } from "vitest";
import { setStage } from "../../packages/worker/src/agents/agent-stage.ts";
import { gemini } from "./gemini.ts";
import { say, scripted } from "./model-script.ts";
import { opencodeByAcp } from "./opencode.ts";

/** Gemini asks before it changes anything, opencode when a file lies outside of its folder. */
test.concurrent.each([
  {
    real: gemini,
    step: gemini.run("echo x > ../outside.txt"),
    wanted: "echo x > ../outside.txt",
  },
  {
    real: opencodeByAcp,
    step: opencodeByAcp.edit("../outside.txt", "one", "two"),
    wanted: "outside.txt",
  },
])(
  "the real $real.name asks for permission, and does as it is answered",
  async ({ real, step, wanted }) => {
    await real.install();
    await using stage = await setStage();
    const model = await real.startModel({
      answer: scripted([[step, real.edit("a.txt", "world", "moon"), say("Done.")]]),
    });
    await using _model = model;
    await writeFile(join(stage.cwd, "a.txt"), "hello world\n");
    const outside = join(stage.folder, "outside.txt");
    await writeFile(outside, "one\n");
    const home = join(stage.folder, "home");
    const settled = await real.settle({ home, url: model.url, key: "any" });
    const command = await real.install();
    const deps = stage.deps({ [real.name]: real.config?.(command) ?? { command, args: [] } });
    const agent = createAgent(real.name, { ...deps, env: { ...deps.env, ...settled } });

    const run = async (may: boolean) => {
      const asked: string[] = [];
      const { outcome } = await stage.run(agent, {
        async permit({ input, paths }): Promise<PermissionAnswer> {
          const text = paths.join() || input;
          asked.push(text);
          return may || !text.includes(wanted) ? { is: "allowed" } : { is: "denied", why: "no" };
        },
      });
      expect(asked.join()).toContain(wanted);
      return outcome;
    };

    await run(false);
    expect(await readFile(outside, "utf8")).toBe("one\n");
    expect(await run(true)).toEqual({ is: "completed", said: "Done." });
    expect(await readFile(outside, "utf8")).not.toBe("one\n");
    await access(join(stage.cwd, "a.txt"));
  },
);

import { describe, expect, test } from "vitest";
import { loadConfig } from "../config.ts";
import { configKeys } from "./config-keys.ts";
import { sampleConfig } from "./config-sample.ts";

// What a person does who wants to set everything: removes the # before each key.
const uncommented = (text: string): string => text.replace(/^(\s*)#(?=\w+: )/gm, "$1");

describe("sampleConfig", () => {
  test("is the file at the top of the repository (vitest -u writes it)", async () => {
    await expect(sampleConfig()).toMatchFileSnapshot("../../../../config.sample.yaml");
  });

  test("sets nothing as it stands", () => {
    expect(loadConfig({ userYaml: { file: "sample", text: sampleConfig() } })).toEqual(
      loadConfig({}),
    );
    expect(loadConfig({ projectYaml: { file: "sample", text: sampleConfig("project") } })).toEqual(
      loadConfig({}),
    );
  });

  test("sets every key to its default, or to its example, once its lines are uncommented", () => {
    const { config, origins } = loadConfig({
      userYaml: { file: "sample", text: uncommented(sampleConfig()) },
    });
    expect(config).toMatchObject(loadConfig({}).config);
    expect([...origins.values()].filter(({ from }) => from !== "user config")).toEqual([]);
  });

  test("offers a project what a project may set", () => {
    const { config, origins } = loadConfig({
      projectYaml: { file: "sample", text: uncommented(sampleConfig("project")) },
    });
    const plain = loadConfig({}).config;
    const example = (name: string) => configKeys.get(name)?.example;
    expect(config).toEqual({
      ...plain,
      max_usd: example("max_usd"),
      max_tokens: example("max_tokens"),
      preflight: { ...plain.preflight, commands: example("preflight.commands") },
      github: { ...plain.github, merge_method: "squash" },
    });
    const offered = [...configKeys.keys()].filter(
      (name) => origins.get(name)?.from === "project config",
    );
    expect(offered).toEqual(
      [...configKeys.values()].filter((key) => key.project).map((key) => key.name),
    );
  });

  test("names every environment variable", () => {
    for (const { variable } of configKeys.values())
      if (variable !== null) expect(sampleConfig()).toContain(variable);
  });
});

import { z } from "zod";
import { readConfigFile, type ConfigFile, type Setting } from "./config/config-file.ts";
import { bare, configKeys, type ConfigKey } from "./config/config-keys.ts";
import { Config } from "./config/config-schema.ts";
import { UserError } from "./user-error.ts";

/** Where settings may come from; of two that set a key, the upper one counts. */
export interface ConfigSources {
  /** By dotted key (`ci.timeout_minutes`); undefined means not given. */
  flags?: Readonly<Record<string, unknown>>;
  /** `AMPX_…` variables, see {@link ConfigKey.variable}; an empty one counts as not set. */
  env?: Readonly<Record<string, string | undefined>>;
  userYaml?: ConfigFile | null;
  projectYaml?: ConfigFile | null;
}

export interface LoadedConfig {
  config: Config;
  /** Of each key, by its dotted name. */
  origins: ReadonlyMap<string, ConfigOrigin>;
}

export interface ConfigOrigin {
  from: "flag" | "environment" | "user config" | "project config" | "default";
  /** The flag, the variable, or file, line and column; null for a default. */
  at: string | null;
}

/** Settles every key: flag over environment over user config over project config over default. Throws one UserError that names all that is wrong, with its place. */
export function loadConfig({
  flags = {},
  env = {},
  userYaml = null,
  projectYaml = null,
}: ConfigSources): LoadedConfig {
  const project = projectYaml === null ? nothing : readConfigFile(projectYaml, "project");
  const user = userYaml === null ? nothing : readConfigFile(userYaml, "user");
  const problems = [...project.problems, ...user.problems];
  const values = new Map<string, unknown>();
  const origins = new Map<string, ConfigOrigin>();

  function settle(from: ConfigOrigin["from"], settings: readonly Setting[]): void {
    for (const { key, value, at } of settings) {
      const parsed = key.schema.safeParse(value);
      if (parsed.success) {
        values.set(key.name, parsed.data);
        origins.set(key.name, { from, at: at() });
      }
      for (const { path, message } of parsed.error?.issues ?? []) {
        const element = typeof path[0] === "number" ? path[0] : undefined;
        const place = at(element);
        const subject = element === undefined ? key.name : `${key.name}[${element}]`;
        problems.push(
          place === key.flag || place === key.variable
            ? `${place} ${message}`
            : `${place}: ${subject} ${message}`,
        );
      }
    }
  }

  for (const key of configKeys.values()) {
    const value = key.schema.parse(undefined);
    if (value !== undefined) values.set(key.name, value);
    origins.set(key.name, { from: "default", at: null });
  }
  settle("project config", project.settings);
  settle("user config", user.settings);
  settle("environment", environmentSettings(env));
  settle("flag", flagSettings(flags));

  if (problems.length === 0) return { config: Config.parse(nested(values)), origins };
  throw new UserError(problems.join("\n"), {
    kind: "invalid",
    tryThis: "config.sample.yaml explains every key",
  });
}

const nothing: ReturnType<typeof readConfigFile> = { settings: [], problems: [] };

function environmentSettings(env: Readonly<Record<string, string | undefined>>): Setting[] {
  const settings: Setting[] = [];
  for (const key of configKeys.values()) {
    const { variable } = key;
    if (variable === null) continue;
    const text = env[variable];
    if (text !== undefined && text !== "")
      settings.push({ key, value: fromText(text, key), at: () => variable });
  }
  return settings;
}

function flagSettings(flags: Readonly<Record<string, unknown>>): Setting[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    const key = configKeys.get(name);
    if (key === undefined) throw new Error(`No config key is called ${name}`);
    return value === undefined ? [] : [{ key, value, at: () => key.flag }];
  });
}

function fromText(text: string, key: ConfigKey): unknown {
  const schema = bare(key.schema);
  const word = text.trim();
  if (schema instanceof z.ZodNumber && /^-?\d+(?:\.\d+)?$/.test(word)) return Number(word);
  if (schema instanceof z.ZodBoolean && /^(?:true|false)$/.test(word)) return word === "true";
  return text;
}

function nested(values: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const root: Record<string, unknown> = {};
  for (const { name, path } of configKeys.values()) {
    let group = root;
    for (const word of path.slice(0, -1)) {
      const below = group[word];
      const next: Record<string, unknown> = isRecord(below) ? below : {};
      group[word] = next;
      group = next;
    }
    const value = values.get(name);
    if (value !== undefined) group[path.at(-1) ?? name] = value;
  }
  return root;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

import { z } from "zod";
import { Config } from "./config-schema.ts";

/** One value that can be configured: a leaf of the schema. */
export interface ConfigKey {
  /** Dotted: `ci.timeout_minutes`. */
  name: string;
  path: readonly string[];
  /** Its variable in the environment, or null: what is more than one value has none. */
  variable: string | null;
  flag: string;
  schema: z.ZodType;
  description: string;
  example: unknown;
  /** Whether a project's file may set it. */
  project: boolean;
}

export interface ConfigGroup {
  name: string;
  description: string;
  members: ConfigNode[];
}

export type ConfigNode = ConfigKey | ConfigGroup;

export function isGroup(node: ConfigNode): node is ConfigGroup {
  return "members" in node;
}

/** The schema as a tree, in its order. */
export const configTree: readonly ConfigNode[] = nodesOf(Config, []);

/** All keys by their dotted names. */
export const configKeys: ReadonlyMap<string, ConfigKey> = new Map(
  leavesOf(configTree).map((key) => [key.name, key]),
);

/** The keys below these nodes. */
export function leavesOf(nodes: readonly ConfigNode[]): ConfigKey[] {
  return nodes.flatMap((node) => (isGroup(node) ? leavesOf(node.members) : [node]));
}

function nodesOf(object: z.ZodObject, above: readonly string[]): ConfigNode[] {
  return Object.entries(object.shape).map(([word, schema]): ConfigNode => {
    if (!(schema instanceof z.ZodType)) throw new TypeError(`${word} has a schema of another kind`);
    const path = [...above, word];
    const name = path.join(".");
    const { description = "", example, project } = schema.meta() ?? {};
    if (schema instanceof z.ZodObject) return { name, description, members: nodesOf(schema, path) };
    const inner = bare(schema);
    const isPlain = !(inner instanceof z.ZodArray || inner instanceof z.ZodObject);
    return {
      name,
      path,
      variable: isPlain ? `AMPX_${path.join("_").toUpperCase()}` : null,
      flag: `--${path.join("-").replaceAll("_", "-")}`,
      schema,
      description,
      example,
      project: project === true,
    };
  });
}

/** A schema without its default and optionality. */
export function bare(schema: z.ZodType): z.ZodType {
  if (!(schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)) return schema;
  const inner = schema.unwrap();
  return inner instanceof z.ZodType ? bare(inner) : schema;
}

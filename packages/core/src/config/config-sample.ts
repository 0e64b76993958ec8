import { configTree, isGroup, type ConfigKey, type ConfigNode } from "./config-keys.ts";

/** A commented config file in which every key that its owner may set stands with its default, commented out. */
export function sampleConfig(owner: "user" | "project" = "user"): string {
  return `${[...headOf(owner), ...configTree.flatMap((node) => linesOf(node, owner, ""))].join("\n")}\n`;
}

function headOf(owner: "user" | "project"): string[] {
  const precedence =
    "# A flag counts over the environment, the environment over your own config file, that over a project's file, that over the default.";
  const unset =
    "# Every key is optional and stands here with its default: remove the # before it to set it.";
  return owner === "user"
    ? [
        "# Configuration of ampx: $AMPX_HOME/config.yaml, or ~/.config/ampx/config.yaml where AMPX_HOME is not set.",
        unset,
        precedence,
        "# Keys marked [project] may also be set in a project's file.",
      ]
    : ["# Configuration of ampx for this project.", unset, precedence];
}

function linesOf(node: ConfigNode, owner: "user" | "project", indent: string): string[] {
  if (!isGroup(node))
    return owner === "project" && !node.project ? [] : keyLines(node, owner, indent);
  const below = node.members.flatMap((member) => linesOf(member, owner, `${indent}  `));
  if (below.length === 0) return [];
  return [
    ...(indent === "" ? [""] : []),
    `${indent}# ${node.description}`,
    `${indent}${lastWord(node.name)}:`,
    ...below,
  ];
}

function keyLines(key: ConfigKey, owner: "user" | "project", indent: string): string[] {
  const value: unknown = key.schema.parse(undefined);
  const notes = [
    key.variable === null ? [] : [`Environment: ${key.variable}`],
    owner === "user" && key.project ? ["[project]"] : [],
    value === undefined ? ["no default, an example:"] : [],
  ].flat();
  return [
    ...(indent === "" ? [""] : []),
    `${indent}# ${key.description}`,
    ...(notes.length === 0 ? [] : [`${indent}# ${notes.join("; ")}`]),
    `${indent}#${lastWord(key.name)}: ${yamlOf(value ?? key.example)}`,
  ];
}

function lastWord(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

// JSON is YAML; plain words need no quotes.
function yamlOf(value: unknown): string {
  return typeof value === "string" && /^[A-Za-z/.][\w@/.:-]*$/.test(value)
    ? value
    : JSON.stringify(value);
}

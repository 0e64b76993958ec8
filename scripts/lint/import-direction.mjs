import { dirname, resolve, sep } from "node:path";

/**
 * @typedef {{ type: string, value?: unknown }} Source
 * @typedef {{ source: Source | null }} Import
 * @typedef {{ only?: string[], never?: string[] }} Options names of modules, `*` at the end stands for any rest
 * @typedef {{ filename: string, options: Options[], report(finding: { node: Import, message: string }): void }} Context
 */

/**
 * Who may import whom: a package imports `only` these, or `never` those, and no package reaches into another by a relative
 * path. Covers `import`, `export … from` and `import()`, types included: a type is a dependency as well.
 */
export const importDirection = {
  meta: { schema: [{ type: "object" }] },
  create(/** @type {Context} */ context) {
    const { only, never = [] } = context.options[0] ?? {};
    const check = (/** @type {Import} */ node) => {
      const name = node.source?.value;
      if (typeof name !== "string") return;
      const message = name.startsWith(".")
        ? escapes(context.filename, name)
        : breaks(name, only, never);
      if (message !== undefined) context.report({ node, message });
    };
    return {
      ImportDeclaration: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      ImportExpression: check,
    };
  },
};

/**
 * @param {string} filename
 * @param {string} relative
 */
function escapes(filename, relative) {
  const [, home] =
    new RegExp(`^(.*\\${sep}packages\\${sep}[^\\${sep}]+\\${sep})`).exec(filename) ?? [];
  if (home === undefined || resolve(dirname(filename), relative).startsWith(home)) return undefined;
  return `"${relative}" leaves its package: import the other package by its name.`;
}

/**
 * @param {string} name
 * @param {string[] | undefined} only
 * @param {string[]} never
 */
function breaks(name, only, never) {
  if (only !== undefined && !only.some((pattern) => matches(name, pattern))) {
    return `"${name}" must not be imported here: only ${only.join(", ")}.`;
  }
  if (never.some((pattern) => matches(name, pattern)))
    return `"${name}" must not be imported here.`;
  return undefined;
}

/**
 * @param {string} name
 * @param {string} pattern
 */
function matches(name, pattern) {
  if (pattern.endsWith("*")) return name.startsWith(pattern.slice(0, -1));
  return name === pattern || name.startsWith(`${pattern}/`);
}

import { mkdir, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { ampxProgram } from "./served-home.ts";

/**
 * Makes an oclif program with one command that does nothing, started as ampx is: Node's compile cache, oclif's index of commands, the
 * same oclif, and no more of it than a command needs. Returns its file; its command is `empty`.
 */
export async function makeEmptyCommand(folder: string): Promise<string> {
  const root = join(folder, "empty");
  const oclif = join(dirname(ampxProgram), "../node_modules/@oclif");
  await mkdir(join(root, "commands"), { recursive: true });
  await mkdir(join(root, "node_modules"));
  await symlink(oclif, join(root, "node_modules/@oclif"));
  const files: Record<string, string> = {
    "package.json": JSON.stringify({
      name: "empty",
      version: "0.1.0",
      type: "module",
      oclif: { bin: "empty", commands: { strategy: "pattern", target: "./commands" } },
    }),
    "oclif.manifest.json": JSON.stringify({
      version: "0.1.0",
      commands: {
        empty: {
          id: "empty",
          aliases: [],
          args: {},
          flags: {},
          hiddenAliases: [],
          pluginAlias: "empty",
          pluginName: "empty",
          pluginType: "core",
          strict: true,
          isESM: true,
          enableJsonFlag: false,
          relativePath: ["commands", "empty.js"],
        },
      },
    }),
    "commands/empty.js": [
      'import { Command } from "@oclif/core/command";',
      "export default class Empty extends Command {",
      "  async run() {",
      "    await this.parse(Empty);",
      '    this.log("empty");',
      "  }",
      "}",
      "",
    ].join("\n"),
    "empty.js": [
      'import { enableCompileCache } from "node:module";',
      "enableCompileCache(process.env.NODE_COMPILE_CACHE);",
      'const { settings } = await import("@oclif/core/settings");',
      'const { run } = await import("@oclif/core/run");',
      "settings.enableAutoTranspile = false;",
      "await run(process.argv.slice(2), { root: import.meta.dirname, isRoot: true });",
      "",
    ].join("\n"),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(root, name), text);
  return join(root, "empty.js");
}

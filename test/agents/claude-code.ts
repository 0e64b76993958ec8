import { access } from "node:fs/promises";
import { join } from "node:path";
import { startMockAnthropic } from "./mock-anthropic-server.ts";
import { use } from "./model-script.ts";
import { npmPackages } from "./npm-packages.ts";
import type { RealAgent } from "./real-agent.ts";

export const claudeVersion = "2.1.329";

/** The real Claude Code (361 MB). The program lies in the package of the platform; that of its name only puts it in place. */
export const claudeCode: RealAgent = {
  name: "claude",
  async install() {
    const name = `@anthropic-ai/claude-code-${process.platform}-${process.arch}`;
    const folder = await npmPackages([`${name}@${claudeVersion}`]);
    const command = join(folder, "node_modules", name, "claude");
    await access(command);
    return command;
  },
  startModel: startMockAnthropic,
  settle: async ({ url, key }) => ({ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: key }),
  // It edits only what it has read.
  edit:
    (file, from, to) =>
    ({ folder }) => {
      const file_path = `${folder}/${file}`;
      return [
        ...use("Read", { file_path }),
        ...use("Edit", { file_path, old_string: from, new_string: to }),
      ];
    },
  run: (command) => use("Bash", { command }),
};

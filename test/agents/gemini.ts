import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startMockGemini } from "./mock-gemini-server.ts";
import { use } from "./model-script.ts";
import { npmPackages } from "./npm-packages.ts";
import type { RealAgent } from "./real-agent.ts";

export const geminiVersion = "0.61.0";

/** The real Gemini CLI (100 MB). */
export const gemini: RealAgent = {
  name: "gemini",
  async install() {
    const folder = await npmPackages([`@google/gemini-cli@${geminiVersion}`]);
    const command = join(folder, "node_modules/.bin/gemini");
    await access(command);
    return command;
  },
  startModel: startMockGemini,
  async settle({ home, url, key }) {
    await mkdir(join(home, ".gemini"));
    const settings = {
      general: { disableAutoUpdate: true },
      privacy: { usageStatisticsEnabled: false },
    };
    await writeFile(join(home, ".gemini/settings.json"), JSON.stringify(settings));
    return { GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url, GEMINI_MODEL: "gemini-2.5-pro" };
  },
  edit:
    (file, old_string, new_string) =>
    ({ folder }) =>
      use("replace", {
        file_path: `${folder}/${file}`,
        instruction: "Edit it.",
        old_string,
        new_string,
      }),
  run: (command) => use("run_shell_command", { command, description: "A command" }),
};

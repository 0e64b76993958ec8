import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startMockOpenAi } from "./mock-openai-server.ts";
import { use } from "./model-script.ts";
import { npmPackages } from "./npm-packages.ts";
import type { RealAgent } from "./real-agent.ts";

export const opencodeVersion = "1.18.33";

/** The real opencode (177 MB). The program lies in the package of the platform; that of its name only puts it in place. */
export const opencode: RealAgent = {
  name: "opencode",
  async install() {
    const name = `opencode-${process.platform}-${process.arch}`;
    const folder = await npmPackages([`${name}@${opencodeVersion}`]);
    const command = join(folder, "node_modules", name, "bin/opencode");
    await access(command);
    return command;
  },
  startModel: startMockOpenAi,
  async settle({ home, url, key }) {
    const folder = join(home, ".config/opencode");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "opencode.json"), JSON.stringify(configuration(url, key)));
    // Nothing is fetched from elsewhere.
    return { OPENCODE_DISABLE_MODELS_FETCH: "1" };
  },
  edit:
    (file, oldString, newString) =>
    ({ folder }) =>
      use("edit", { filePath: `${folder}/${file}`, oldString, newString }),
  run: (command) => use("bash", { command, description: "A command" }),
};

/** The same, by the Agent Client Protocol. */
export const opencodeByAcp: RealAgent = {
  ...opencode,
  name: "acp",
  config: (command) => ({ command: [command, "acp"] }),
};

/** One model is known: ours. */
function configuration(url: string, apiKey: string): object {
  const model = {
    name: "Mock",
    limit: { context: 100_000, output: 8_000 },
    cost: { input: 1, output: 2, cache_read: 0.5 },
  };
  return {
    autoupdate: false,
    model: "mock/mock-model",
    enabled_providers: ["mock"],
    provider: {
      mock: {
        npm: "@ai-sdk/openai-compatible",
        name: "Mock",
        options: { baseURL: `${url}/v1`, apiKey },
        models: { "mock-model": model },
      },
    },
  };
}

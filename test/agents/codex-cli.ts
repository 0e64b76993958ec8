import { access, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startMockOpenAi } from "./mock-openai-server.ts";
import { use } from "./model-script.ts";
import { npmPackages } from "./npm-packages.ts";
import type { RealAgent } from "./real-agent.ts";

export const codexVersion = "0.169.0";

/** The real Codex CLI (404 MB). The package of the platform is a version of the same name. */
export const codexCli: RealAgent = {
  name: "codex",
  async install() {
    const platform = `${process.platform}-${process.arch}`;
    const folder = await npmPackages([`@openai/codex@${codexVersion}-${platform}`]);
    const target = targets[platform] ?? platform;
    const command = join(folder, "node_modules/@openai/codex/vendor", target, "bin/codex");
    await access(command);
    return command;
  },
  startModel: startMockOpenAi,
  async settle({ home, url, key }) {
    await mkdir(join(home, ".codex"));
    await writeFile(
      join(home, ".codex/config.toml"),
      `model = "mock-model"
model_provider = "mock"
[model_providers.mock]
name = "mock"
base_url = "${url}/v1"
wire_api = "responses"
env_key = "OPENAI_API_KEY"
request_max_retries = 1
stream_max_retries = 1
`,
    );
    return { OPENAI_API_KEY: key };
  },
  edit: (file, from, to) => runInShell(replacing(file, from, to)),
  run: runInShell,
};

function runInShell(cmd: string) {
  return use("exec_command", { cmd });
}

/** For a model that it does not know it has no tool of its own to edit. */
function replacing(file: string, from: string, to: string): string {
  const [path, before, after] = [file, from, to].map((text) => JSON.stringify(text));
  return `node --input-type=module <<'END'
import { readFileSync, writeFileSync } from "node:fs";
const text = readFileSync(${path}, "utf8");
if (!text.includes(${before})) throw new Error("not there");
writeFileSync(${path}, text.replace(${before}, () => ${after}));
END`;
}

const targets: Record<string, string> = {
  "linux-x64": "x86_64-unknown-linux-musl",
  "linux-arm64": "aarch64-unknown-linux-musl",
  "darwin-x64": "x86_64-apple-darwin",
  "darwin-arm64": "aarch64-apple-darwin",
};

import { codexCli, codexVersion } from "./codex-cli.ts";
import { testWholeTask } from "./whole-task.ts";

testWholeTask(codexCli, { version: codexVersion, process: /\/codex exec --json/ });

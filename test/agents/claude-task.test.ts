import { claudeCode, claudeVersion } from "./claude-code.ts";
import { testWholeTask } from "./whole-task.ts";

testWholeTask(claudeCode, { version: claudeVersion, process: /\/claude --print/ });

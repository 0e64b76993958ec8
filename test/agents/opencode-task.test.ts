import { opencode, opencodeVersion } from "./opencode.ts";
import { testWholeTask } from "./whole-task.ts";

testWholeTask(opencode, { version: opencodeVersion, process: /\/opencode run / });

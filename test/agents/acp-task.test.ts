import { opencodeByAcp } from "./opencode.ts";
import { testWholeTask } from "./whole-task.ts";

testWholeTask(opencodeByAcp, { version: null, process: /\/opencode acp/ });

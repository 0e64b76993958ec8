import { schedule } from "@ampx/core";
import { backlogLimits, backlogNow, largeBacklog } from "./large-backlog.ts";

// Decides once about a large backlog of the given shape, and prints what that took in ms.
const backlog = largeBacklog(process.argv[2] === "hardest" ? "hardest" : "usual");
const startedAt = performance.now();
schedule(backlog, backlogLimits, backlogNow);
console.log(performance.now() - startedAt);

import { createReadStream } from "node:fs";
import { excerptor } from "@ampx/core/log/excerptor";
import { canReadMemory, memoryOf } from "./memory.ts";

// Makes the excerpt of a log, and prints the most memory that this process took, in MB.
const excerpt = excerptor({ maxChars: 4_000 });
for await (const chunk of createReadStream(process.argv[2] ?? "")) excerpt.push(chunk as Buffer);
excerpt.end();
console.log(canReadMemory ? memoryOf(process.pid).peak : process.resourceUsage().maxRSS / 1e3);

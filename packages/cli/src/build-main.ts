import { dirname } from "node:path";
import { settings } from "@oclif/core/settings";
import { buildIndex } from "./command-index.ts";

// The last step of `npm run build`: the index of the commands that were emitted beside this file.
settings.enableAutoTranspile = false;
await buildIndex(dirname(import.meta.dirname), import.meta.dirname);

#!/usr/bin/env node
// `npm run <name>` from a bare clone: brings Node, pnpm and the packages where they are missing, then runs the command.
// Plain JavaScript without dependencies, because it must run on the Node that happens to be installed (18 or newer).
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { personsEnvironment, personsFolder } from "./launch/as-the-person.mjs";
import { commands } from "./launch/commands.mjs";
import { endLike } from "./launch/run-child.mjs";
import { runCommand } from "./launch/run-command.mjs";
import { setUp } from "./launch/set-up.mjs";
import { SetupFailure, SetupInterrupted } from "./launch/setup-failure.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const [name = "", ...args] = process.argv.slice(2);
const command = commands[name];

if (command === undefined) {
  process.stderr.write(`No command "${name}". Known: ${Object.keys(commands).join(", ")}\n`);
  process.exitCode = 2;
} else {
  try {
    const userFolder = personsFolder(root, process.env);
    const env = await setUp(root, personsEnvironment(process.env));
    endLike(await runCommand(command, args, { root, userFolder, env }));
  } catch (fault) {
    if (fault instanceof SetupInterrupted) endLike({ code: null, signal: fault.signal });
    else if (fault instanceof SetupFailure) {
      process.stderr.write(`\n${fault.message}\n`);
      process.exitCode = 1;
    } else throw fault;
  }
}

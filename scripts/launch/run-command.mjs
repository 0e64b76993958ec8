import { join } from "node:path";
import { runChild } from "./run-child.mjs";

/**
 * Where and how to run: the clone, the folder the person stands in, the environment with the right Node.
 *
 * @typedef {{ root: string, userFolder: string, env: NodeJS.ProcessEnv }} Place
 */

/**
 * Runs a command of the table and says how it ended. Steps all run, so that one look shows everything that is wrong.
 *
 * @param {import("./commands.mjs").Command} command
 * @param {string[]} args the person's own arguments, passed on
 * @param {Place} place
 * @returns {Promise<import("./run-child.mjs").Ending>}
 */
export async function runCommand(command, args, place) {
  if (command.steps !== undefined) return runSteps(command.steps, args, place);
  return run(command, args, place, command.inUserFolder === true ? place.userFolder : place.root);
}

/**
 * @param {import("./commands.mjs").Step[]} steps
 * @param {string[]} args
 * @param {Place} place
 */
async function runSteps(steps, args, place) {
  if (args.length > 0) {
    process.stderr.write(`This command takes no arguments, got: ${args.join(" ")}\n`);
    return { code: 2, signal: null };
  }
  const failed = [];
  for (const step of steps) {
    process.stdout.write(`\n== ${step.title}\n`);
    const started = process.hrtime.bigint();
    const ending = await run(step, [], place, place.root);
    if (ending.signal !== null) return ending;
    const seconds = Number(process.hrtime.bigint() - started) / 1e9;
    process.stdout.write(
      `== ${step.title}: ${ending.code === 0 ? "ok" : "FAILED"}, ${seconds.toFixed(1)} s\n`,
    );
    if (ending.code !== 0) failed.push(step.title);
  }
  if (failed.length > 0) process.stdout.write(`\nFailed: ${failed.join(", ")}\n`);
  return { code: failed.length > 0 ? 1 : 0, signal: null };
}

/**
 * @param {import("./commands.mjs").Step} step
 * @param {string[]} args
 * @param {Place} place
 * @param {string} cwd
 */
function run({ tool, script, args: fixed = [] }, args, { root, env }, cwd) {
  const all = [...fixed, ...args];
  const started =
    tool === undefined
      ? ["node", join(root, script ?? ""), ...all]
      : [join(root, "node_modules", ".bin", tool), ...all];
  const [file = "", ...rest] = started;
  return runChild(file, rest, { cwd, env });
}

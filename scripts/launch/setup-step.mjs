import { runChild } from "./run-child.mjs";
import { SetupFailure, SetupInterrupted } from "./setup-failure.mjs";

/**
 * Runs one tool of the set-up. All it prints is kept back; standard error gets one line when it starts and one when it is
 * done, standard output nothing. Throws {@link SetupFailure} with the tool's last lines, {@link SetupInterrupted} on a signal.
 *
 * @param {{ step: string, file: string, args: string[], cwd: string, env: NodeJS.ProcessEnv, tryThis: string }} what
 */
export async function setupStep({ step, file, args, cwd, env, tryThis }) {
  process.stderr.write(`ampx set-up: ${step} ...\n`);
  const started = process.hrtime.bigint();
  const ending = await runChild(file, args, { cwd, env, capture: true }).catch(
    (/** @type {Error} */ fault) => {
      throw new SetupFailure({ step, cause: `cannot start ${file} (${fault.message})`, tryThis });
    },
  );
  if (ending.interrupted !== undefined) throw new SetupInterrupted(ending.interrupted);
  if (ending.code !== 0) {
    const how = ending.signal === null ? `exit code ${ending.code}` : `ended by ${ending.signal}`;
    throw new SetupFailure({ step, cause: how, output: ending.output ?? "", tryThis });
  }
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  process.stderr.write(`ampx set-up: ${step}: done in ${seconds.toFixed(1)} s\n`);
}

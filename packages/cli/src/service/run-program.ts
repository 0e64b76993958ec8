import { execFile } from "node:child_process";

/** What became of a program. */
export type Ran =
  | { is: "missing" }
  /** `code` is 1 for one that was killed. */
  | { is: "ended"; code: number; stdout: string; stderr: string };

/** Runs a program of the system, found by PATH, to its end. */
export type RunProgram = (command: string, args: string[]) => Promise<Ran>;

/** Programs that answer in English, whatever the person speaks. */
export function programRunner(env: NodeJS.ProcessEnv): RunProgram {
  return (command, args) =>
    new Promise((resolve, reject) => {
      const options = { env: { ...env, LC_ALL: "C" }, maxBuffer: 64 * 1024 * 1024 };
      execFile(command, args, options, (error, stdout, stderr) => {
        if (error === null) return resolve({ is: "ended", code: 0, stdout, stderr });
        if (error.code === "ENOENT") return resolve({ is: "missing" });
        if (typeof error.code === "number" || error.killed === true || error.signal !== undefined)
          return resolve({
            is: "ended",
            code: typeof error.code === "number" ? error.code : 1,
            stdout,
            stderr,
          });
        reject(error);
      });
    });
}

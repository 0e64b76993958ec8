import type { Job } from "../actions/run.ts";
import { zip } from "./zip.ts";

/** The log of a job: those of its steps, one after the other. */
export function jobLog({ steps }: Job): string {
  return steps.map(({ log }) => log).join("");
}

/** As the archive of a run holds them: a file per job, and a folder per job with a file per step. */
export function runZip(jobs: readonly Job[]): Buffer {
  return zip(
    jobs.flatMap((job, index) => {
      if (job.steps.length === 0) return [];
      const name = job.name.replaceAll(/[/:]/g, "");
      return [
        { path: `${index}_${name}.txt`, content: jobLog(job) },
        ...job.steps.map((step) => ({
          path: `${name}/${step.number}_${step.name.replaceAll(/[/:]/g, "")}.txt`,
          content: step.log,
        })),
      ];
    }),
  );
}

import { oneLine } from "../one-line.ts";
import type { LogReading } from "./read-log.ts";

/** One failed job and its log. */
interface JobReading {
  readonly name: string;
  readonly reading: LogReading;
}

/**
 * One excerpt of several failed jobs under a heading each: a job takes the room that it needs at most, and what it leaves goes to those with more to
 * say. Never longer than `maxChars`; jobs for which there is no room are counted at the end.
 */
export function excerptOfJobs(jobs: readonly JobReading[], maxChars: number): string {
  const [only] = jobs;
  if (only === undefined) return "";
  if (jobs.length === 1) return only.reading.excerpt(maxChars);
  const shown = jobs.slice(0, Math.max(1, Math.floor(maxChars / leastShare)));
  const rest = jobs.length - shown.length;
  const note = rest === 0 ? "" : `\n… and ${rest} more failed ${rest === 1 ? "job" : "jobs"}`;
  let left = maxChars - note.length;
  const parts = new Map<JobReading, string>();
  const byWeight = shown.toSorted((a, b) => a.reading.weight - b.reading.weight);
  for (const [at, job] of byWeight.entries()) {
    const share = Math.floor(left / (byWeight.length - at));
    const heading = `== ${oneLine(job.name, { maxChars: 80 })} ==\n`;
    const isLast = at === byWeight.length - 1;
    const wanted = isLast ? share : Math.min(share, Math.max(leastShare, job.reading.weight));
    const part = heading + job.reading.excerpt(Math.max(1, wanted - heading.length - 1));
    parts.set(job, part);
    left -= part.length + 1;
  }
  const text = shown.map((job) => parts.get(job) ?? "").join("\n");
  return (text + note).slice(0, maxChars).toWellFormed();
}

const leastShare = 250;

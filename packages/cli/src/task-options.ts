import { execFile } from "node:child_process";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { UserError } from "@ampx/core/user-error";

/**
 * What `--repo` means: a path from where the user stands, the name of a registered project, or an address as it is. Without
 * it, the repository or the project folder that the user stands in. Throws a `UserError` when there is none.
 */
export async function repoOf(given: string | undefined, cwd: string): Promise<string> {
  if (given === undefined) return repoAround(cwd);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(given)) return given;
  const path = resolve(cwd, given);
  // `owner/name`, unless there is such a path.
  if (/^[\w-][\w.-]*\/[\w.-]+$/.test(given) && !(await isThere(path))) return given;
  if (given.includes("/") || given.startsWith(".") || (await isThere(path))) return path;
  // `host:path` is an address as well; anything else without a slash is a name, and the server knows those.
  return given;
}

async function repoAround(cwd: string): Promise<string> {
  if ((await isThere(resolve(cwd, "repo.git"))) && (await isThere(resolve(cwd, "ampx.yaml"))))
    return resolve(cwd, "repo.git");
  try {
    const { stdout } = await promisify(execFile)(
      "git",
      ["rev-parse", "--is-bare-repository", "--absolute-git-dir"],
      { cwd },
    );
    const [bare, gitDir = cwd] = stdout.trim().split("\n");
    if (bare === "true") return gitDir;
    return (
      await promisify(execFile)("git", ["rev-parse", "--show-toplevel"], { cwd })
    ).stdout.trim();
  } catch (cause) {
    throw new UserError(`No --repo is given, and ${cwd} is in no git repository`, {
      kind: "invalid",
      tryThis: "--repo <path>, or ampx init for a new project",
      cause,
    });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (
      error instanceof Error &&
      "code" in error &&
      (error.code === "ENOENT" || error.code === "ENOTDIR")
    )
      return false;
    throw error;
  }
}

const units: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** A moment as ISO 8601 in UTC, from how long it is until then (`90m`, `8h`, `2d`) or a date with a time. Throws for what is neither, or past. */
export function deadlineOf(given: string, now: number): string {
  const span = spanOf(given);
  const at = span === undefined ? isoMoment(given.trim()) : now + span;
  const inLimits = at > now && at < now + 366 * 86_400_000;
  if (inLimits) return new Date(at).toISOString();
  const why = Number.isNaN(at)
    ? "not a time"
    : at <= now
      ? "over already"
      : "more than a year away";
  throw new UserError(`--deadline ${JSON.stringify(given)} is ${why}`, {
    kind: "invalid",
    tryThis: "--deadline 8h, or --deadline 2030-01-31T18:00",
  });
}

/** A moment in the past as ISO 8601 in UTC, from how long ago it was (`12h`, `7d`, `4w`), or a date, with or without a time. Throws for what is neither, or to come. */
export function sinceOf(given: string, now: number): string {
  const span = spanOf(given);
  // A day begins at midnight of the user's own clock; a date alone would be taken for UTC.
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(given.trim());
  const at = span === undefined ? isoMoment(given.trim() + (isDay ? "T00:00" : "")) : now - span;
  if (at <= now && at >= 0) return new Date(at).toISOString();
  throw new UserError(
    `--since ${JSON.stringify(given)} is ${at > now ? "still to come" : "not a time"}`,
    { kind: "invalid", tryThis: "--since 7d, or --since 2026-11-01" },
  );
}

/** Milliseconds of `90m`, `8h`, `2d`, `4w`. */
function spanOf(given: string): number | undefined {
  const [, count, unit = ""] = /^(\d+)([mhdw])$/.exec(given.trim()) ?? [];
  return count === undefined ? undefined : Number(count) * (units[unit] ?? 0);
}

// Without a zone it is the user's own time, as `Date.parse` takes it.
function isoMoment(text: string): number {
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}/.test(text) ? Date.parse(text) : Number.NaN;
}

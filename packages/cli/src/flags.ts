import type { CreateTask } from "@ampx/core";
import { UserError } from "@ampx/core/user-error";
import { string } from "@oclif/core/args";
import { custom } from "@oclif/core/flags";

/** Which task: its short id, or as much of it as names one. */
export const taskArg = string({
  required: true,
  ignoreStdin: true,
  description: "The task: its short id as `ampx ls` shows it, or any unambiguous part of its id",
});

/** A whole number within limits. */
export function wholeNumber(
  name: string,
  limits: { min: number; max: number },
  description: string,
  char?: "n",
): ReturnType<typeof numberFlag> {
  return numberFlag(name, { ...limits, whole: true }, description, char);
}

/** A number within limits, as of minutes. */
export function decimal(
  name: string,
  limits: { min: number; max: number },
  description: string,
): ReturnType<typeof numberFlag> {
  return numberFlag(name, { ...limits, whole: false }, description);
}

const tokenUnits: Record<string, number> = { "": 1, k: 1e3, m: 1e6, g: 1e9 };
const mostTokens = 1e12;

// As `500000`, `500k` or `2m`.
function tokensFlag(name: string, description: string): ReturnType<typeof numberFlag> {
  const parse = async (input: string): Promise<number> => {
    const [, count, unit = ""] = /^(\d+(?:\.\d+)?)([kmg]?)$/i.exec(input.trim()) ?? [];
    // A decimal fraction of a unit is not exact.
    const tokens = Math.round(Number(count) * (tokenUnits[unit.toLowerCase()] ?? 1) * 1e3) / 1e3;
    if (Number.isInteger(tokens) && tokens >= 1 && tokens <= mostTokens) return tokens;
    throw new UserError(
      `--${name} is ${JSON.stringify(input)}, not a number of tokens such as 500000, 500k or 2m`,
      { kind: "invalid", tryThis: `--${name} 2m` },
    );
  };
  return custom<number>({ description, parse, helpValue: "<n>" })();
}

/** What a task may spend. `since`: from when on it counts, in words for the help. */
export function budgetFlags(since: string) {
  return {
    "max-attempts": wholeNumber(
      "max-attempts",
      { min: 1, max: 100 },
      `Agent turns that may be spent${since}`,
    ),
    "max-minutes": decimal(
      "max-minutes",
      { min: 0.1, max: 10_080 },
      `Agent minutes that may be spent, over all turns${since}`,
    ),
    "max-usd": decimal(
      "max-usd",
      { min: 0.01, max: 1_000_000 },
      `US dollars that may be spent, over all turns${since}`,
    ),
    "max-tokens": tokensFlag(
      "max-tokens",
      `Tokens that may be used, over all turns${since}: 500k, 2m`,
    ),
  };
}

/** The same as the API takes it. */
export function budgetOf(flags: {
  "max-attempts": number | undefined;
  "max-minutes": number | undefined;
  "max-usd": number | undefined;
  "max-tokens": number | undefined;
}): Pick<CreateTask, "max_attempts" | "max_minutes" | "max_usd" | "max_tokens"> {
  return {
    ...(flags["max-attempts"] !== undefined && { max_attempts: flags["max-attempts"] }),
    ...(flags["max-minutes"] !== undefined && { max_minutes: flags["max-minutes"] }),
    ...(flags["max-usd"] !== undefined && { max_usd: flags["max-usd"] }),
    ...(flags["max-tokens"] !== undefined && { max_tokens: flags["max-tokens"] }),
  };
}

const durationUnits: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000 };

/** A duration such as `90s`, `30m` or `2h`, in milliseconds. */
export function durationFlag(name: string, description: string) {
  const parse = async (input: string): Promise<number> => {
    const [, count, unit = ""] = /^(\d{1,6})([smh])$/.exec(input.trim()) ?? [];
    if (count !== undefined) return Number(count) * (durationUnits[unit] ?? 0);
    throw new UserError(
      `--${name} is ${JSON.stringify(input)}, not a duration such as 90s, 30m or 2h`,
      { kind: "invalid", tryThis: `--${name} 30m` },
    );
  };
  return custom<number>({ description, parse, helpValue: "<time>" })();
}

function numberFlag(
  name: string,
  { min, max, whole }: { min: number; max: number; whole: boolean },
  description: string,
  char?: "n",
) {
  const parse = async (input: string): Promise<number> => {
    const value = /^\d+(\.\d+)?$/.test(input.trim()) ? Number(input) : Number.NaN;
    if (value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
    throw new UserError(
      `--${name} is ${JSON.stringify(input)}, not a ${whole ? "whole number" : "number"} from ${min} to ${max}`,
      { kind: "invalid", tryThis: `--${name} ${Math.max(min, 1)}` },
    );
  };
  return custom<number>({ description, parse, helpValue: "<n>", ...(char && { char }) })();
}

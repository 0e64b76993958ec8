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

import { z } from "zod";

/** Keys below one name. Every member has a default or is optional; `loadConfig` fills groups in, so that they need no default of their own. */
export function group<Shape extends z.ZodRawShape>(description: string, shape: Shape) {
  return z.strictObject(shape).meta({ description });
}

/** Text that is not empty. */
export function text() {
  return z.string("must be text").trim().min(1, "must not be empty");
}

/** A list of text. */
export function words() {
  return z.array(z.string("must be text"), "must be a list");
}

/** A list of paths, absolute or below the home of the user. */
export function paths() {
  return z.array(
    z.string("must be text").regex(/^(?:\/|~(?:\/|$))/, "must be a path that begins with / or ~/"),
    "must be a list",
  );
}

/** A list of names of environment variables. */
export function names() {
  return z.array(
    z.string("must be text").regex(/^[A-Za-z_]\w*$/, "must be the name of an environment variable"),
    "must be a list",
  );
}

/** A name or an address of git. */
export function identity() {
  return text().regex(/^[^<>\p{Cc}]+$/u, "must be one line without < and >");
}

/** What a million tokens cost. */
export function price() {
  const usd = () => z.number("must be a number").nonnegative("must not be less than 0");
  return z
    .strictObject({
      input: usd().describe("Read by the model."),
      output: usd().describe("Written by it, thoughts included."),
      cache_read: usd().default(0).describe("Read from the provider's cache."),
      cache_write: usd().default(0).describe("Put into it."),
    })
    .optional()
    .meta({
      description: "For a million tokens of this agent's model.",
      example: { input: 1.25, output: 10, cache_read: 0.125, cache_write: 0 },
    });
}

/** `true` or `false`. */
export function yesOrNo() {
  return z.boolean("must be true or false");
}

/** A whole number within bounds. */
export function whole(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z.int(error).min(min, error).max(max, error);
}

/** A number above 0, up to a bound. */
export function positive(max: number) {
  const error = `must be a number greater than 0, up to ${max}`;
  return z.number(error).positive(error).max(max, error);
}

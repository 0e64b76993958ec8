import { z } from "zod";
import { allowable } from "../allowable.ts";

export const time = z.iso.datetime();
// A NUL cannot be given to a program, and half a surrogate pair cannot be written as UTF-8.
export const text = z
  .string()
  .trim()
  .min(1)
  .overwrite((value) => value.toWellFormed())
  .refine((value) => !value.includes("\0"), "must not hold a NUL character");
export const line = text.regex(/^[^\p{Cc}]*$/u, "must be one line without control characters");

/** Names of what a person lets through. */
export const allowed = z.array(z.enum(allowable)).max(100);

export const usdCap = z.number().positive().max(1_000_000);
export const tokenCap = z.int().positive().max(1_000_000_000_000);

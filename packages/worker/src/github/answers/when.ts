import { z } from "zod";

/** A time of GitHub's, as milliseconds since 1970. */
export const when = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));

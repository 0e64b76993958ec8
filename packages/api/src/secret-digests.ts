import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/**
 * What one process needs to find known secrets in texts without holding them: HMAC-SHA256 of each, in a text fit for an
 * environment variable. `salt`: random, new at each start. Values under 8 characters are left out: they would be found in
 * ordinary words, and a digest of so short a text gives it away.
 */
export function digestSecrets(values: string[], salt: string): string {
  const secrets = [...new Set(values.map((value) => value.trim()))].filter(
    (value) => value.length >= minLength,
  );
  const base = baseOf(salt);
  const digests = secrets.map((secret) => ({
    length: secret.length,
    mark: markOf(hashOf(secret, secret.length, base)),
    digest: digestOf(secret, salt).toString("base64url"),
  }));
  return JSON.stringify({ salt, digests } satisfies Digests);
}

/**
 * Whether a text contains one of the digested values exactly. An HMAC of every window of the text would take seconds; so a
 * rolling hash, one multiplication a character, sorts out all but one in 65,536 windows first. Its 16 bits are all that
 * the mark tells of a secret beside its length.
 */
export function containsDigestedSecret(digests: string, text: string): boolean {
  const { salt, digests: all } = Digests.parse(JSON.parse(digests));
  const base = baseOf(salt);
  for (const [length, secrets] of Map.groupBy(all, (secret) => secret.length)) {
    const marks = new Set(secrets.map(({ mark }) => mark));
    const wanted = secrets.map(({ digest }) => Buffer.from(digest, "base64url"));
    const refuted = new Set<string>();
    for (const window of candidates(text, length, base, marks)) {
      // The same window over and over, as in a line of dashes, is looked at once.
      if (refuted.has(window)) continue;
      const digest = digestOf(window, salt);
      if (wanted.some((other) => timingSafeEqual(other, digest))) return true;
      refuted.add(window);
    }
  }
  return false;
}

const minLength = 8;

const Digests = z.object({
  salt: z.string(),
  digests: z.array(
    z.object({ length: z.int().min(minLength), mark: z.int(), digest: z.string().length(43) }),
  ),
});
type Digests = z.infer<typeof Digests>;

/** Windows of the text whose rolling hash has one of the marks. */
function* candidates(
  text: string,
  length: number,
  base: number,
  marks: Set<number>,
): Generator<string> {
  if (text.length < length) return;
  let leaving = 1;
  for (let i = 1; i < length; i++) leaving = Math.imul(leaving, base);
  let hash = hashOf(text, length, base);
  for (let start = 0; ; start++) {
    if (marks.has(markOf(hash))) yield text.slice(start, start + length);
    if (start + length >= text.length) return;
    hash = (hash - Math.imul(text.charCodeAt(start), leaving)) | 0;
    hash = (Math.imul(hash, base) + text.charCodeAt(start + length)) | 0;
  }
}

/** Polynomial in `base` over the first `length` UTF-16 units, modulo 2^32. */
function hashOf(text: string, length: number, base: number): number {
  let hash = 0;
  for (let i = 0; i < length; i++) hash = (Math.imul(hash, base) + text.charCodeAt(i)) | 0;
  return hash;
}

/** 16 bits that depend on all 32 (the low ones of a polynomial modulo a power of 2 are weak). */
function markOf(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> 16;
}

/** An odd number that nobody knows who does not know the salt. */
function baseOf(salt: string): number {
  return createHmac("sha256", salt).update("base of the rolling hash").digest().readInt32LE() | 1;
}

function digestOf(secret: string, salt: string): Buffer {
  return createHmac("sha256", salt).update(secret, "utf8").digest();
}

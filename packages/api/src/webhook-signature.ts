import { createHmac, timingSafeEqual } from "node:crypto";

/** Whether these very bytes were signed with the secret, as GitHub's `X-Hub-Signature-256` says. Takes a time that tells nothing of the right signature. */
export function isSignedWith(secret: string, body: Uint8Array, header: string): boolean {
  const given = /^sha256=([0-9a-f]{64})$/.exec(header)?.[1];
  if (given === undefined) return false;
  const wanted = createHmac("sha256", secret).update(body).digest();
  return timingSafeEqual(Buffer.from(given, "hex"), wanted);
}

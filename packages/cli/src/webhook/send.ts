import { createHmac } from "node:crypto";

export interface Webhook {
  to: URL;
  secret: string;
  event: string;
  delivery: string;
  body: Buffer;
}

/** Sends a webhook, signed; returns the status of the answer. Throws what `fetch` throws. */
export async function send(
  { to, secret, event, delivery, body }: Webhook,
  signal: AbortSignal,
): Promise<number> {
  const answer = await fetch(to, {
    method: "POST",
    body,
    signal,
    headers: {
      "content-type": "application/json",
      "x-github-event": event,
      "x-github-delivery": delivery,
      "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
    },
  });
  await answer.body?.cancel();
  return answer.status;
}

import { UserError } from "@ampx/core/user-error";
import { webhookSecretName } from "../server/child-environment.ts";
import { send } from "./send.ts";

/** Sends the server a ping as GitHub would. Throws a `UserError` when it takes no webhooks that are signed so. */
export async function checkServer(to: URL, secret: string, signal: AbortSignal): Promise<void> {
  const body = Buffer.from("{}");
  const ping = { to, secret, event: "ping", delivery: "ampx", body };
  const status = await send(ping, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new UserError(`The server at ${to.origin} does not answer`, {
      kind: "unreachable",
      tryThis: "ampx status",
      cause,
    });
  });
  if (status === 200) return;
  const why =
    status === 404
      ? "was started without a secret for webhooks"
      : status === 401
        ? "has another secret for webhooks than this command"
        : `answers a ping with ${status}`;
  throw new UserError(`The server at ${to.origin} ${why}`, {
    kind: "conflict",
    tryThis: `ampx stop && ampx serve --detach, where ${webhookSecretName} is set as here`,
  });
}

import type { RequestError } from "@agentclientprotocol/sdk";
import type { AgentFailureKind } from "@ampx/core";
import { kindOfWords } from "./provider-failure.ts";

export interface AcpFailure {
  kind: AgentFailureKind;
  message: string;
}

const authRequired = -32000;

/** Why an agent refused a request. The protocol knows few causes: the others stand in the words. */
export function acpFailure(error: RequestError): AcpFailure {
  const detail = error.data === undefined ? "" : ` ${JSON.stringify(error.data)}`;
  const message = `${error.message}${detail}`;
  return {
    kind: error.code === authRequired ? "auth" : (kindOfWords(message) ?? "model"),
    message,
  };
}

/** Why a session could not be taken up. Whatever it is but an outage or a login: the session is lost, and another would do. */
export function takeUpFailure(error: RequestError, session: string): AcpFailure {
  const { kind, message } = acpFailure(error);
  if (kind === "auth" || kind === "rate_limit" || kind === "overloaded") return { kind, message };
  return { kind: "context", message: `the session ${session} cannot be taken up: ${message}` };
}

import type { PermissionAnswer, PermissionRequest } from "@ampx/core";
import { z } from "zod";
import { namedPaths } from "./named-paths.ts";

/** What Claude Code asks of whoever runs it. Of other requests than this one it needs no answer in our use. */
export const ClaudeAsk = z.object({
  type: z.literal("control_request"),
  request_id: z.string(),
  request: z.object({
    subtype: z.literal("can_use_tool"),
    tool_name: z.string(),
    input: z.record(z.string(), z.unknown()),
  }),
});
export type ClaudeAsk = z.infer<typeof ClaudeAsk>;

export function claudePermission({ request }: ClaudeAsk): PermissionRequest {
  const { tool_name: tool, input } = request;
  const command = input["command"];
  return {
    tool,
    input: typeof command === "string" ? command : JSON.stringify(input),
    paths: namedPaths(input),
  };
}

/** The answer in its protocol: what is allowed is repeated, for it may be changed. */
export function claudeAnswer(ask: ClaudeAsk, answer: PermissionAnswer): object {
  return {
    type: "control_response",
    response: {
      subtype: "success",
      request_id: ask.request_id,
      response:
        answer.is === "allowed"
          ? { behavior: "allow", updatedInput: ask.request.input }
          : { behavior: "deny", message: answer.why },
    },
  };
}

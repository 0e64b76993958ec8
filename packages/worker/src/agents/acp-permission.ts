import type { PermissionAnswer, PermissionRequest } from "@ampx/core";
import { z } from "zod";
import { namedPaths } from "./named-paths.ts";

/** What an agent tells of the tool it wants to use; it may tell nothing but an id. */
export interface AcpToolCall {
  toolCallId: string;
  name?: string | null;
  title?: string | null;
  kind?: string | null;
  rawInput?: unknown;
  locations?: readonly { path: string }[] | null;
  content?: readonly object[] | null;
}

const Command = z.object({ command: z.union([z.string(), z.array(z.string())]) });
const Diff = z.object({ type: z.literal("diff"), path: z.string() });

export function acpPermission(call: AcpToolCall): PermissionRequest {
  const { name, title, kind, rawInput, locations, content } = call;
  const tool = name ?? (kind === "other" ? undefined : kind) ?? "tool";
  const line = commandLine(rawInput) ?? (kind === "execute" ? (title ?? undefined) : undefined);
  // Where a command may reach some agents guess; the line itself says it better.
  if (line !== undefined) return { tool, input: line, paths: [] };
  const paths = [
    ...(locations ?? []).map(({ path }) => path),
    ...(content ?? []).flatMap((part) => Diff.safeParse(part).data?.path ?? []),
    ...namedPaths(rawInput),
  ];
  const input = JSON.stringify(rawInput ?? title ?? call.toolCallId);
  return { tool, input, paths: [...new Set(paths.map((path) => path.replace(/^file:\/\//, "")))] };
}

/** The words of a command as one line; of a shell's the line that it is given. */
function commandLine(input: unknown): string | undefined {
  const command = Command.safeParse(input).data?.command;
  if (command === undefined || typeof command === "string") return command;
  const [, option = "", line] = command;
  return /^-\w*c$/.test(option) && line !== undefined ? line : command.join(" ");
}

/** Of what is offered, that which is meant for once: what is allowed for ever some agents write into the repository. */
export function optionFor<Option extends { kind: string }>(
  { is }: PermissionAnswer,
  options: readonly Option[],
): Option | undefined {
  const verb = is === "allowed" ? "allow" : "reject";
  return ["once", "always"]
    .map((often) => options.find(({ kind }) => kind === `${verb}_${often}`))
    .find((option) => option !== undefined);
}

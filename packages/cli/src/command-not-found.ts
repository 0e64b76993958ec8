import { closestTo } from "@ampx/core/config/closest-to";
import { UserError } from "@ampx/core/user-error";
import type { Hook } from "@oclif/core/hooks";

/** Tells which command was most likely meant. */
export const commandNotFound: Hook<"command_not_found"> = async ({ id, config }) => {
  const words = id.split(":");
  // oclif takes the words behind a command that has no arguments for the rest of its name.
  const length = words.findLastIndex((_, at) => at > 0 && isCommand(words.slice(0, at)));
  if (length > 0) {
    throw new UserError(`Unexpected argument: ${words.slice(length).join(" ")}`, {
      kind: "invalid",
      tryThis: `ampx ${words.slice(0, length).join(" ")} --help`,
    });
  }
  const known = config.commands
    .filter((command) => command.hidden !== true)
    .flatMap((command) => [command.id, ...command.aliases]);
  const meant = closestTo(id, known) ?? closestTo(words[0] ?? id, known);
  throw new UserError(`Unknown command: ${words.join(" ")}`, {
    kind: "invalid",
    tryThis: meant === undefined ? "ampx help" : `ampx ${meant.replaceAll(":", " ")}`,
  });

  function isCommand(part: string[]): boolean {
    return config.findCommand(part.join(":")) !== undefined;
  }
};

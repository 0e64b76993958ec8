import type { Config } from "@ampx/core";
import { commandDuty } from "./commands.ts";
import { reviewDuty } from "./reviews.ts";
import type { InboxDuty } from "./watch.ts";

/** What is looked for on GitHub, as configured. Each member remembers what it has seen, so this is made once a worker. */
export function inboxDuties(config: Config["github"]): InboxDuty[] {
  return [
    ...(config.review_comments ? [reviewDuty()] : []),
    ...(config.commands ? [commandDuty()] : []),
  ];
}

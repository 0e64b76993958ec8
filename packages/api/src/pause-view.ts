import type { PauseView } from "@ampx/core";
import type { Pause } from "@ampx/store";

export function pauseView({ repo, by, at, untilRestart }: Pause): PauseView {
  return { repo, by, since: new Date(at).toISOString(), until_restart: untilRestart };
}

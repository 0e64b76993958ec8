import { homePaths } from "@ampx/core/home";
import { UserError } from "@ampx/core/user-error";
import type { Holder } from "@ampx/store/holder";

/** For a home whose server cannot be looked at from here: its pid may be a stranger's on this machine. */
export function heldElsewhere(home: string, { pid, host }: Holder): UserError {
  return new UserError(`Process ${pid} on ${host} holds ${home}, and cannot be seen from here`, {
    kind: "conflict",
    tryThis: `ampx stop on ${host}; if it is gone for good: rm ${homePaths(home).serverLock}`,
  });
}

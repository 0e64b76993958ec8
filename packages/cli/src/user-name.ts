import { userInfo } from "node:os";

/** Whose tasks they are: the login name, or what the environment says where the system knows no name (as in some containers). */
export function userName(env: NodeJS.ProcessEnv): string {
  try {
    return userInfo().username;
  } catch {
    // The user id has no entry in the system's user database.
    return env["USER"] ?? env["LOGNAME"] ?? `uid ${process.getuid?.() ?? "unknown"}`;
  }
}

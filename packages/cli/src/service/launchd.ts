import { UserError } from "@ampx/core/user-error";
import type { RunProgram } from "./run-program.ts";
import type { ServiceManager } from "./service-manager.ts";

/** An agent of launchd in the session of the user who sits at the Mac. */
export function launchd(
  { name: label, file }: { name: string; file: string },
  uid: number,
  run: RunProgram,
): ServiceManager {
  const domain = `gui/${uid}`;
  const target = `${domain}/${label}`;
  const asked = async (...args: string[]) => {
    const ran = await run("launchctl", args);
    if (ran.is === "ended") return ran;
    throw new UserError("There is no launchctl here", {
      kind: "conflict",
      tryThis: "ampx serve --detach",
    });
  };
  const launchctl = async (...args: string[]) => {
    const { code, stderr } = await asked(...args);
    if (code === 0) return;
    throw new UserError(
      `launchctl ${args.join(" ")} failed: ${stderr.trim() || `exit code ${code}`}`,
      {
        tryThis: "in a session at the Mac itself, not over SSH; or ampx serve --detach",
      },
    );
  };
  const look: ServiceManager["look"] = async () => {
    // It fails for what is not loaded; loaded means enabled, for that is how it is loaded at a login.
    const { code, stdout } = await asked("print", target);
    const state = /^\s*state = (.*)$/m.exec(stdout)?.[1] ?? "unknown";
    return code === 0
      ? { enabled: true, active: state === "running", detail: state }
      : { enabled: false, active: false, detail: "not loaded" };
  };
  return {
    restartCommand: `launchctl kickstart -k ${target}`,
    look,
    async enable({ start }) {
      // What is loaded was read from the old file.
      if ((await look()).enabled) await launchctl("bootout", target);
      await launchctl("enable", target);
      if (start) await launchctl("bootstrap", domain, file);
    },
    async disable() {
      if ((await look()).enabled) await launchctl("bootout", target);
    },
    forget: async () => {},
    notes: async () => [],
  };
}

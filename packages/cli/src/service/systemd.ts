import { UserError } from "@ampx/core/user-error";
import type { Ran, RunProgram } from "./run-program.ts";
import type { ServiceManager } from "./service-manager.ts";

/** A unit of this user's own systemd. */
export function systemd(unit: string, user: string, run: RunProgram): ServiceManager {
  const systemctl = async (...args: string[]) => {
    const ran = await run("systemctl", ["--user", ...args]);
    if (ran.is === "missing" || ran.code !== 0) throw refused(ran, args, user);
    return ran.stdout;
  };
  return {
    restartCommand: `systemctl --user restart ${unit}`,
    async look() {
      const properties = "LoadState,UnitFileState,ActiveState,SubState";
      const told = new Map(
        (await systemctl("show", unit, `--property=${properties}`))
          .split("\n")
          .map((line) => [line.split("=", 1)[0] ?? "", line.slice(line.indexOf("=") + 1)]),
      );
      const state = told.get("ActiveState") ?? "unknown";
      return {
        enabled: told.get("UnitFileState") === "enabled",
        active: ["active", "activating", "reloading"].includes(state),
        detail: `${state} (${told.get("SubState") ?? "unknown"})`,
      };
    },
    async enable({ start }) {
      await systemctl("daemon-reload");
      await systemctl("enable", ...(start ? ["--now"] : []), unit);
    },
    async disable() {
      await systemctl("disable", "--now", unit);
    },
    async forget() {
      await systemctl("daemon-reload");
    },
    async notes() {
      const ran = await run("loginctl", ["show-user", user, "--property=Linger"]);
      if (ran.is === "missing" || ran.stdout.trim() !== "Linger=no") return [];
      return [
        `it ends when you log out, and starts when you log in; to keep it running: loginctl enable-linger ${user}`,
      ];
    },
  };
}

function refused(ran: Ran, args: string[], user: string): UserError {
  const without = "ampx serve --detach runs the server without a service";
  if (ran.is === "missing")
    return new UserError("There is no systemctl here: this machine does not run systemd", {
      kind: "conflict",
      tryThis: `${without}; ampx service install --print shows the unit`,
    });
  const said = ran.stderr.trim().split("\n")[0] ?? "";
  if (/booted with systemd/i.test(said))
    return new UserError(`systemd does not run here: ${said}`, {
      kind: "conflict",
      tryThis: without,
    });
  if (/\bbus\b|XDG_RUNTIME_DIR|No medium found/i.test(said))
    return new UserError(`The systemd of this user cannot be reached: ${said}`, {
      kind: "conflict",
      tryThis: `loginctl enable-linger ${user}, then log in anew (su and sudo do not); or without a service: ampx serve --detach`,
    });
  return new UserError(
    `systemctl --user ${args.join(" ")} failed: ${said === "" ? `exit code ${ran.code}` : said}`,
    { tryThis: "ampx service logs" },
  );
}

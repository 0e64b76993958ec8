import type { ServicePlan } from "./service-plan.ts";
import { unitPattern, unitText, unitWord } from "./systemd-quote.ts";

/** What systemd is told of the server. */
export function systemdUnit({
  home,
  command,
  environmentFile,
  environment,
}: Pick<ServicePlan, "home" | "command" | "environmentFile" | "environment">): string {
  const variables = Object.entries(environment).map(
    ([name, value]) => `Environment=${unitWord(`${name}=${value}`)}`,
  );
  return `[Unit]
Description=ampx: coding agents until their work is green (${unitText(home)})
# A server that cannot start is tried ten times in five minutes, and then left for you.
StartLimitIntervalSec=300
StartLimitBurst=10

[Service]
# The colon: no $ in it is a variable.
ExecStart=:${startable(command).map(unitWord).join(" ")}
${variables.join("\n")}
# Keys of agents, NAME=value a line. None of them is ever written here.
EnvironmentFile=-${unitPattern(environmentFile)}
Restart=on-failure
RestartSec=5
# What a person has to mend: a flag or a setting that is not accepted.
RestartPreventExitStatus=2
# The server ends its agents itself; what is left of them afterwards is killed.
KillMode=mixed
TimeoutStopSec=60
# An agent's tool that takes all memory is ended alone.
OOMPolicy=continue

[Install]
WantedBy=default.target
`;
}

/** systemd refuses programs with quotes or backslashes in their path, however they are written. */
function startable(command: string[]): string[] {
  const isRefused = /["'\\]/.test(command[0] ?? "");
  return isRefused ? ["/bin/sh", "-c", 'exec "$0" "$@"', ...command] : command;
}

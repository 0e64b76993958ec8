import type { AgentProbe } from "../ports.ts";
import { findCommand } from "./find-command.ts";
import type { InstalledProgram } from "./installed-program.ts";

type Problem = AgentProbe["problems"][number];

export interface ProbedProgram {
  /** The name or the path of its command. */
  name: string;
  env: Record<string, string>;
  problems: { notInstalled(name: string): Problem; faulty(fault: string): Problem };
  read(command: string): Promise<Pick<InstalledProgram, "version" | "fault">>;
  /** What it lacks besides, such as a login. `command` is null when there is none that runs. */
  lacks(command: string | null): Promise<Problem[]>;
}

/** What stands in the way of an agent's program: first what is wrong with the program, then what it lacks. */
export async function probeProgram({
  name,
  env,
  problems,
  read,
  lacks,
}: ProbedProgram): Promise<AgentProbe> {
  const command = await findCommand(name, env["PATH"]);
  if (command === null)
    return {
      command,
      version: null,
      problems: [problems.notInstalled(name), ...(await lacks(null))],
    };
  const { version, fault } = await read(command);
  if (fault !== null)
    return { command, version, problems: [problems.faulty(fault), ...(await lacks(null))] };
  return { command, version, problems: await lacks(command) };
}

import type { ServerFile, ServerStatus } from "@ampx/core";

/** What the checks look at. */
export interface Surroundings {
  home: string;
  env: NodeJS.ProcessEnv;
  /** The running server and what it says, if one runs. */
  running: { server: ServerFile; status: ServerStatus } | undefined;
}

/** One thing that was looked at. `missing`: tasks cannot run without it. `note`: they can, but somebody may want to know. */
export interface Finding {
  name: string;
  is: "ok" | "note" | "missing";
  detail: string;
  try_this?: string;
}

/** Looks at one thing, without side effects. Throws only for bugs: what is wrong is a finding. */
export type Check = (surroundings: Surroundings) => Promise<Finding[]>;

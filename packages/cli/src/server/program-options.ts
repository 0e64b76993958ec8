import { parseArgs } from "node:util";

export interface ProgramOptions {
  home: string;
  version: string;
  port: number | undefined;
  exactPort: boolean;
  attached: boolean;
  /** The server as a whole is being started, not only a part of it that ended. */
  starting: boolean;
}

/** The options that the server's programs are started with. Not for people: what is missing is a bug. */
export function programOptions(args: string[]): ProgramOptions {
  const { values } = parseArgs({
    args,
    options: {
      home: { type: "string" },
      version: { type: "string" },
      port: { type: "string" },
      "exact-port": { type: "boolean", default: false },
      attached: { type: "boolean", default: false },
      starting: { type: "boolean", default: false },
    },
  });
  const { home, version, port, attached, starting } = values;
  if (home === undefined || version === undefined)
    throw new Error("--home and --version are needed");
  return {
    home,
    version,
    port: port === undefined ? undefined : Number(port),
    exactPort: values["exact-port"],
    attached,
    starting,
  };
}

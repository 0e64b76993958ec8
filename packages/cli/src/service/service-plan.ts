import { createHash } from "node:crypto";
import { dirname, join } from "node:path";
import { homeFolder, userConfigFile } from "@ampx/core/home";
import { UserError } from "@ampx/core/user-error";
import { launchdPlist } from "./launchd-plist.ts";
import { systemdUnit } from "./systemd-unit.ts";

/** The server of one home as a service of this user. */
export interface ServicePlan {
  manager: "systemd" | "launchd";
  home: string;
  /** By which the manager knows it: a unit's name or a label. */
  name: string;
  /** What the manager reads, and its text. */
  file: string;
  text: string;
  /** Absolute paths of Node and of ampx, and what it is to do. */
  command: string[];
  /** Variables that the service gets; none of them a secret. */
  environment: Record<string, string>;
  /** Where a person puts keys, mode 0600. */
  environmentFile: string;
}

/** What the plan depends on. */
export interface ServiceSurroundings {
  env: NodeJS.ProcessEnv;
  platform: NodeJS.Platform;
  /** Node, by a path that outlives its next version where there is one. */
  node: string;
  /** The `ampx` that a person types. */
  entry: string;
}

// Without them the server would not find its files, git or the agents: a service has a short PATH of its own.
const kept = [
  "PATH",
  "AMPX_HOME",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "XDG_CACHE_HOME",
  "XDG_STATE_HOME",
  "LANG",
  "TZ",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
];

/** Plans the service of this environment's home. Throws a `UserError` where there can be none. */
export function planService({ env, platform, node, entry }: ServiceSurroundings): ServicePlan {
  const home = homeFolder(env);
  const parts = {
    home,
    command: [node, entry, "serve"],
    environment: Object.fromEntries(
      kept.flatMap((key) => (env[key] === undefined || env[key] === "" ? [] : [[key, env[key]]])),
    ),
    environmentFile: join(dirname(userConfigFile(env)), "service.env"),
  };
  checkWritable({ AMPX_HOME: home, ampx: entry, node, ...parts.environment });
  // One a home; that of the default home has the plain name.
  const own = homeFolder({ ...env, AMPX_HOME: "" }) === home ? "" : `-${shortHash(home)}`;
  if (platform === "darwin") {
    const name = `local.ampx${own}`;
    const file = join(env["HOME"] ?? "/", "Library/LaunchAgents", `${name}.plist`);
    const text = launchdPlist({ ...parts, name });
    return { ...parts, manager: "launchd", name, file, text };
  }
  const name = `ampx${own}.service`;
  // Not the folder of ampx's own settings, which a home brings along: the one that systemd reads.
  const config = dirname(dirname(userConfigFile({ ...env, AMPX_HOME: "" })));
  const file = join(config, "systemd/user", name);
  return { ...parts, manager: "systemd", name, file, text: systemdUnit(parts) };
}

/** No manager can be told of a name with a control character. */
function checkWritable(values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values))
    if (/\p{Cc}/u.test(value))
      throw new UserError(
        `${name} has a control character, which no service can: ${JSON.stringify(value)}`,
        { kind: "invalid", tryThis: "ampx serve --detach" },
      );
}

/** Throws a `UserError` when `entry` is not there to stay. */
export function checkEntry(entry: string): void {
  if (!entry.includes("/_npx/")) return;
  throw new UserError(`${entry} is a copy that npx may delete, so no service can be built on it`, {
    kind: "conflict",
    tryThis: "npm install --global ampx, then ampx service install",
  });
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 8);
}

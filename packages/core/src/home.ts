import { UserError } from "./user-error.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** The folder that holds everything of one server: `$AMPX_HOME`, else `ampx` in the user's data folder. Absolute, without a slash at its end. */
export function homeFolder(env: Environment): string {
  return givenHome(env) ?? `${baseFolder(env, "XDG_DATA_HOME", ".local/share")}/ampx`;
}

/** The user's config file. A home that is given by `$AMPX_HOME` brings its own, so that two homes share nothing. */
export function userConfigFile(env: Environment): string {
  const home = givenHome(env);
  return home === null
    ? `${baseFolder(env, "XDG_CONFIG_HOME", ".config")}/ampx/config.yaml`
    : `${home}/config.yaml`;
}

/** Where what lies in a home. */
export interface HomePaths {
  home: string;
  database: string;
  /** The bearer token, mode 0600. */
  token: string;
  /** How clients find the running server, mode 0600. */
  serverFile: string;
  /** Held by the one server of this home. */
  serverLock: string;
  serverLog: string;
  /** Registered projects. */
  projects: string;
  /** Names this home in the backlog folders that it takes files from. */
  backlogOwner: string;
  /** Bare copies, one per repository. */
  repos: string;
  worktrees: string;
  /** Full texts of agents and CI, of which the database keeps the newest lines. */
  logs: string;
  /** Conversations of agents that keep them in files of ours. */
  sessions: string;
  /** Private folders of running turns; empty when nothing runs. */
  tmp: string;
}

/** The layout of a home. */
export function homePaths(home: string): HomePaths {
  return {
    home,
    database: `${home}/ampx.db`,
    token: `${home}/token`,
    serverFile: `${home}/run/server.json`,
    serverLock: `${home}/run/server.lock`,
    serverLog: `${home}/logs/server.log`,
    projects: `${home}/projects.yaml`,
    backlogOwner: `${home}/backlog.owner`,
    repos: `${home}/repos`,
    worktrees: `${home}/worktrees`,
    logs: `${home}/logs`,
    sessions: `${home}/sessions`,
    tmp: `${home}/tmp`,
  };
}

function givenHome(env: Environment): string | null {
  const home = env["AMPX_HOME"];
  if (home === undefined || home === "") return null;
  if (/^\/+[^/]/.test(home)) return home.replace(/\/+$/, "");
  throw new UserError(`AMPX_HOME is not an absolute path of a folder: ${home}`, {
    kind: "invalid",
    tryThis: 'Set it to a path that begins with "/", or unset it for the default',
  });
}

// The XDG specification says of a relative path: ignore it.
function baseFolder(env: Environment, name: string, below: string): string {
  const base = env[name];
  if (base?.startsWith("/") === true) return base.replace(/\/+$/, "");
  const user = env["HOME"];
  if (user?.startsWith("/") === true) return `${user.replace(/\/+$/, "")}/${below}`;
  throw new UserError("Neither AMPX_HOME nor HOME is set, so there is no place for ampx's data", {
    kind: "invalid",
    tryThis: "Set AMPX_HOME to an absolute path",
  });
}

// What `npm run` adds for its own child must not reach ours: `npm run -s` would silence every npm that a task's tests start.
const OF_NPM_RUN =
  /^(INIT_CWD|npm_(command|execpath|node_execpath|package_.*|lifecycle_.*|config_(loglevel|prefix|local_prefix|global_prefix|node_gyp|user_agent|npm_version)))$/;

/**
 * The environment as the person has it, without what `npm run` put in.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
export function personsEnvironment(env) {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OF_NPM_RUN.test(name)));
}

/**
 * The folder the person stands in. npm starts us in the clone and keeps theirs in INIT_CWD; started by hand we are in it.
 *
 * @param {string} root
 * @param {NodeJS.ProcessEnv} env
 */
export function personsFolder(root, env) {
  return process.cwd() === root ? (env["INIT_CWD"] ?? root) : process.cwd();
}

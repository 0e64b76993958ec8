#!/usr/bin/env node
// Plain JavaScript without static imports: an older Node must get as far as the sentence below.
const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(
    `✗ ampx needs Node.js 24 or newer; this is ${process.versions.node}\n` +
      "  try: npm install --global node@24, or from a clone of ampx: npm run -s ampx -- <args>\n",
  );
  process.exitCode = 1;
} else if (process.platform === "win32") {
  // Processes are found and ended by means that Linux and macOS have.
  process.stderr.write(
    "✗ ampx runs on Linux and macOS, not on Windows itself\n  try: in WSL (wsl --install), where it runs as on Linux\n",
  );
  process.exitCode = 1;
} else {
  const { enableCompileCache } = await import("node:module");
  const { existsSync } = await import("node:fs");
  // In the user's own folder: Node's default lies in /tmp, where others could put code. The server inherits it.
  const caches = process.env.XDG_CACHE_HOME ?? (process.env.HOME && `${process.env.HOME}/.cache`);
  if (caches) process.env.NODE_COMPILE_CACHE ??= `${caches}/ampx/compiled`;
  if (process.env.NODE_COMPILE_CACHE) enableCompileCache(process.env.NODE_COMPILE_CACHE);
  // The sources are not published; where they are, they are what was meant to run.
  const sources = new URL("../src/run.ts", import.meta.url);
  const { main } = await import(existsSync(sources) ? sources.href : "../dist/run.js");
  await main(process.argv.slice(2));
}

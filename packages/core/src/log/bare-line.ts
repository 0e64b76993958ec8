/** The line without what a runner of runners put before it: annotations, build steps of Docker, names of packages and services. */
export function bareLine(line: string): string {
  const first = line.charCodeAt(0);
  let bare = line;
  if (first === hash) bare = bare.replace(annotation, "").replace(buildStep, "");
  else if (first === bracket) bare = bare.replace(numbered, "");
  if (bare.includes(": ")) bare = bare.replace(scriptOfPackage, "");
  if (bare.includes("| ")) bare = bare.replace(service, "");
  return bare;
}

const hash = 35;
const bracket = 91;
const annotation = /^##\[(?:error|warning|debug)\]/;
/** Docker: `#12 3.456 `. */
const buildStep = /^#\d+ \d+\.\d+ /;
/** concurrently: `[0] `. */
const numbered = /^\[\d{1,2}\] /;
/** pnpm -r: `packages/a test: `; turbo: `web:test: `; nx and lerna print names alike. */
const scriptOfPackage =
  /^(?:@?[\w./-]{1,80} (?:pre|post)?(?:test|build|lint|check|typecheck|compile)(?::[\w-]{1,30})?|(?:@[\w.-]{1,40}\/)?[\w.-]{1,60}:(?:test|build|lint|check|typecheck)(?:[:.-][\w-]{1,30})?): /;
/** docker compose: `web-1  | `. */
const service = /^[\w.-]{1,60} {1,20}\| /;

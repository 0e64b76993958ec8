import type { Failure } from "../log/failure.ts";

/**
 * Whether a failure cannot come from a change of these paths, as far as languages tell. It is careful: a path that could be anything (manifest,
 * lock file, settings, data, a language that others load as a library) is related to everything, and so is a failure without a known file
 * unless the change is documentation only.
 */
export function cannotComeFrom(failure: Failure, changed: readonly string[]): boolean {
  if (changed.length === 0) return false;
  const families = new Set(changed.map(familyOf));
  if (families.has("anything") || families.has("native")) return false;
  const failing = failure.file === undefined ? null : familyOf(failure.file);
  families.delete("documentation");
  // Formatters and linters read documentation as well, and name it; one that names nothing may mean it.
  if (failing === null) return families.size === 0 && couldNotReadDocumentation.has(failure.kind);
  if (failing === "anything" || failing === "documentation") return false;
  return !families.has(failing);
}

/** Whether paths are among these that say how CI works or what it installs. */
export function touchesSetup(changed: readonly string[]): boolean {
  return changed.some((path) => setup.test(path));
}

const couldNotReadDocumentation: ReadonlySet<Failure["kind"]> = new Set([
  "test",
  "type",
  "build",
  "crash",
  "out_of_memory",
]);

type Family = "anything" | "documentation" | (typeof languages)[number][0];

const languages = [
  // Other languages load what these are compiled to: a change of them may break anything.
  ["native", /\.(?:c|cc|cpp|cxx|h|hh|hpp|rs|zig|pyx|wat)$/],
  ["javascript", /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/],
  ["python", /\.(?:py|pyi|ipynb)$/],
  ["go", /\.go$/],
  ["jvm", /\.(?:java|kt|scala|groovy|clj)$/],
  ["dotnet", /\.(?:cs|fs|vb|razor|cshtml)$/],
  ["ruby", /\.(?:rb|erb|rake)$/],
  ["php", /\.php$/],
  ["swift", /\.swift$/],
  ["elixir", /\.exs?$/],
  ["dart", /\.dart$/],
  ["haskell", /\.l?hs$/],
] as const;

const documentation =
  /(?:^|\/)(?:docs?\/.{1,300}\.(?:png|jpe?g|gif|svg|webp)|[^/]{1,200}\.(?:md|markdown|rst|adoc|txt)|LICENSE|LICENCE|NOTICE|AUTHORS|CODEOWNERS|CHANGELOG)$/i;

const setup =
  /(?:^|\/)(?:\.github\/|\.gitlab|\.circleci\/|\.buildkite\/|\.woodpecker|Jenkinsfile|azure-pipelines|\.travis\.yml$|ci\.sh$|action\.ya?ml$|[\w.-]*Dockerfile|docker-compose|compose\.ya?ml$|Makefile$|justfile$|\.tool-versions$|\.nvmrc$|\.node-version$|\.python-version$|\.ruby-version$|rust-toolchain|global\.json$|package\.json$|go\.mod$|\.npmrc$)/i;

// Source files by name that decide how everything else is built or tested.
const settings =
  /(?:^|\/)(?:[^/]{1,100}\.config\.[cm]?[jt]s|\.[\w.-]{1,100}|conftest\.py|setup\.py|noxfile\.py|Rakefile|build\.rs|requirements[\w.-]{0,60}\.txt|constraints\.txt|CMakeLists\.txt|robots\.txt|[^/]{1,100}\.gradle(?:\.kts)?|Package\.swift|mix\.exs)$/;

function familyOf(path: string): Family {
  if (settings.test(path) || setup.test(path)) return "anything";
  if (documentation.test(path)) return "documentation";
  return languages.find(([, pattern]) => pattern.test(path))?.[0] ?? "anything";
}

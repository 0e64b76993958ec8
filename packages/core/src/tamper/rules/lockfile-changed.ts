import { touchedFiles } from "../forms/touched-files.ts";
import { rule } from "../rule.ts";

/** Which manifests explain a lockfile. */
const manifests: readonly { lockfile: RegExp; manifest: RegExp }[] = [
  {
    lockfile:
      /(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|deno\.lock)$/,
    manifest: /(?:^|\/)(?:package\.json|pnpm-workspace\.yaml|deno\.jsonc?|\.npmrc|\.yarnrc\.yml)$/,
  },
  {
    lockfile: /(?:poetry|uv|pdm|Pipfile)\.lock$/,
    manifest:
      /(?:^|\/)(?:pyproject\.toml|Pipfile|setup\.(?:py|cfg)|requirements[\w.-]*\.(?:txt|in))$/,
  },
  { lockfile: /Cargo\.lock$/, manifest: /(?:^|\/)Cargo\.toml$/ },
  { lockfile: /go\.sum$/, manifest: /(?:^|\/)go\.(?:mod|work)$|\.go$/ },
  { lockfile: /composer\.lock$/, manifest: /(?:^|\/)composer\.json$/ },
  { lockfile: /Gemfile\.lock$/, manifest: /(?:^|\/)(?:Gemfile|[\w.-]+\.gemspec)$/ },
  {
    lockfile: /(?:packages\.lock\.json|paket\.lock|project\.assets\.json)$/,
    manifest: /proj$|\.props$|paket\.dependencies$/,
  },
  { lockfile: /gradle\.lockfile$/, manifest: /\.gradle(?:\.kts)?$|\.versions\.toml$/ },
  {
    lockfile: /(?:mix|pubspec|Podfile|conan|flake)\.lock$|Package\.resolved$/,
    manifest:
      /(?:^|\/)(?:mix\.exs|pubspec\.yaml|Podfile|conanfile\.\w+|flake\.nix|Package\.swift)$/,
  },
];

export const lockfileChanged = rule({
  name: "lockfile_changed",
  verdict: "hold",
  what: "What is installed was changed, though the dependencies were not.",
  undo: "Bring the lockfile back, or change it together with the dependencies that it locks.",
  patterns: manifests.flatMap(({ lockfile, manifest }) => [lockfile, manifest]),
  find: (change) =>
    touchedFiles(change, (file) => {
      if (!file.is("lockfile") || file.status === "added") return false;
      const pair = manifests.find(({ lockfile }) => lockfile.test(file.path));
      return !change.files.some(
        (other) => !other.is("lockfile") && pair?.manifest.test(other.path) === true,
      );
    }),
});

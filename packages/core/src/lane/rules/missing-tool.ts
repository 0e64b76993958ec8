import type { LaneSource } from "../lane-rule.ts";

// Programs that the image or a setup step gives. A test runner or linter that is missing was left out of the project's dependencies: code.
const tools =
  "(?:node|nodejs|npm|npx|pnpm|yarn|bun|bunx|deno|corepack|python|python3|pip|pip3|pipx|poetry|uv|uvx|pipenv|conda|mamba|hatch|pdm|cargo|rustc|rustup|go|java|javac|mvn|gradle|sbt|dotnet|nuget|msbuild|ruby|gem|bundle|php|composer|docker|docker-compose|podman|buildah|kubectl|helm|kind|minikube|terraform|tofu|ansible|aws|gcloud|az|gh|git|git-lfs|make|cmake|ninja|meson|gcc|g\\+\\+|clang|clang\\+\\+|cc|ld|jq|yq|curl|wget|zip|unzip|tar|xz|zstd|rsync|ssh|sudo|protoc|buf|bazel|bazelisk|swift|xcodebuild|pod|fastlane|flutter|dart|elixir|mix|ghc|stack|cabal|nix|task|just|psql|mysql|redis-cli|sqlite3|xvfb-run|chromium|google-chrome|ffmpeg|pandoc|shellcheck|act|envsubst|bc|file|lsof)";

/** A program that CI should provide and does not. */
export const missingTool: LaneSource = {
  rules: [
    {
      lane: "configuration",
      reason: "a program that CI should provide is not installed",
      literals: ["command not found", ": not found"],
      pattern: new RegExp(
        `^(?:#\\d+ [\\d.]+ )?(?:[^\\s:]{1,120}: (?:line \\d{1,6}: |\\d{1,6}: )?)(?:\\d{1,6}: )?${tools}: (?:command )?not found$|command not found: ${tools}$`,
      ),
    },
    {
      lane: "configuration",
      reason: "a program that CI should provide is not installed",
      literals: ["is not recognized as "],
      pattern: new RegExp(`^(?:[\\w./\\\\-]{0,120} : The term )?'${tools}' is not recognized as `),
    },
    {
      lane: "configuration",
      reason: "a program that CI should provide is not installed",
      literals: [": No such file or directory"],
      pattern: new RegExp(
        `(?:^make(?:\\[\\d+\\])?: |^env: ‘?'?|^/usr/bin/env: ‘?'?)${tools}’?'?: No such file or directory`,
      ),
    },
    {
      lane: "configuration",
      reason: "a program that CI should provide is not installed",
      literals: ["executable file not found in $PATH"],
      pattern: new RegExp(`exec: "${tools}": executable file not found in \\$PATH`),
      unless: /runc|OCI runtime|^\s{1,40}\S{1,60}_test\.go/,
    },
    {
      lane: "configuration",
      reason: "Java is not installed",
      literals: [
        "JAVA_HOME is not set and no 'java' command could be found",
        "JAVA_HOME environment variable is not defined correctly",
      ],
    },
  ],
};

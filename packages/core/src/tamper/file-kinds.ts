/** What files are for, by their paths alone. A file may be of several kinds; one of none is production code or data. */
export const fileKinds = {
  /** Decides what is green: pipelines and what they run. */
  ci: /^(?:\.github\/(?:workflows|actions)\/|\.circleci\/|\.buildkite\/|\.woodpecker|\.ci\/|ci\/|\.gitlab\/ci|\.ampx\/|\.azure\/|\.azuredevops\/|\.forgejo\/|\.gitea\/|\.teamcity\/)|(?:^|\/)(?:\.gitlab-ci[\w.-]*\.ya?ml|\.travis\.ya?ml|Jenkinsfile[\w.-]*|azure-pipelines[\w.-]*\.ya?ml|bitbucket-pipelines\.ya?ml|\.drone\.ya?ml|\.?appveyor\.ya?ml|\.cirrus\.ya?ml|cloudbuild\.ya?ml|buildspec\.ya?ml|wercker\.yml|codecov\.ya?ml|\.codecov\.ya?ml|ci\.(?:sh|bash|ps1|py|mjs|js|ts)|(?:run[-_])?ci(?:-[\w-]+)?\.sh|CODEOWNERS|dangerfile(?:\.\w+)?|sonar-project\.properties)$/i,
  /** Runs at a commit or a push. */
  hook: /(?:^|\/)(?:\.husky|\.githooks|githooks|\.hooks)\/|(?:^|\/)(?:\.pre-commit-config\.ya?ml|\.?lefthook(?:-local)?\.(?:ya?ml|toml|json)|\.lintstagedrc[\w.]*|lint-staged\.config\.\w+|\.overcommit\.yml|captainhook\.json|grumphp\.ya?ml)$/,
  /** Says which tests run and how. */
  testConfig:
    /(?:^|\/)(?:(?:jest|vitest|playwright|cypress|karma|wdio|ava|nightwatch|web-test-runner|stryker)(?:[\w.-]*\.)?(?:config|conf|workspace|setup|preset)\.\w+|\.mocharc[\w.]*|\.taprc|ava\.config\.\w+|\.jasmine\.json|jasmine\.json|cypress\.json|\.nycrc[\w.]*|\.c8rc[\w.]*|pytest\.ini|\.pytest\.ini|tox\.ini|noxfile\.py|\.coveragerc|phpunit[\w.-]*\.xml(?:\.dist)?|infection\.json5?(?:\.dist)?|codeception\.ya?ml|\.rspec|\.simplecov|nextest\.toml|tarpaulin\.toml|\w*\.runsettings|xunit\.runner\.json|junit-platform\.properties|testng[\w-]*\.xml|CTestConfig\.cmake|CTestCustom\.cmake|stryker-config\.json|\.testcaferc\.\w+)$/,
  /** Installs exactly what was tested. */
  lockfile:
    /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lockb?|deno\.lock|poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|Cargo\.lock|go\.sum|composer\.lock|Gemfile\.lock|packages\.lock\.json|gradle\.lockfile|mix\.lock|pubspec\.lock|Podfile\.lock|Package\.resolved|conan\.lock|flake\.lock|paket\.lock|project\.assets\.json)$/,
  /** Says what to install. */
  manifest:
    /(?:^|\/)(?:package\.json|pnpm-workspace\.yaml|deno\.jsonc?|pyproject\.toml|setup\.(?:py|cfg)|Pipfile|requirements[\w.-]*\.(?:txt|in)|Cargo\.toml|go\.(?:mod|work)|composer\.json|Gemfile|[\w.-]+\.gemspec|[\w.-]+\.(?:cs|fs|vb)proj|Directory\.(?:Packages|Build)\.(?:props|targets)|packages\.config|paket\.dependencies|(?:settings\.|build\.)?(?:build|settings)?\.?gradle(?:\.kts)?|libs\.versions\.toml|pom\.xml|mix\.exs|pubspec\.yaml|Podfile|Package\.swift|conanfile\.(?:txt|py)|vcpkg\.json|flake\.nix)$/,
  /** Configures a build, a checker or a runner. */
  config:
    /(?:^|\/)(?:\.[\w.-]+rc(?:\.\w+)?|\.\w[\w.-]*\.(?:json|jsonc|ya?ml|toml|ini|neon)|[\w.-]*\.(?:config|conf)\.\w+|[\w.-]*tsconfig[\w.-]*\.json|jsconfig\.json|biome\.jsonc?|deno\.jsonc?|oxlint[\w.-]*\.json|package\.json|composer\.json|pyproject\.toml|setup\.cfg|tox\.ini|pytest\.ini|mypy\.ini|\.?ruff\.toml|\.flake8|\.?pylintrc|pyrightconfig\.json|Cargo\.toml|\.?clippy\.toml|\.?rustfmt\.toml|config\.toml|nextest\.toml|\.golangci\.[\w.]+|\.rubocop[\w.-]*\.yml|\.rspec|\.simplecov|phpstan[\w.-]*\.neon(?:\.dist)?|psalm[\w.-]*\.xml(?:\.dist)?|phpunit[\w.-]*\.xml(?:\.dist)?|phpcs[\w.-]*\.xml(?:\.dist)?|infection\.json5?(?:\.dist)?|checkstyle[\w.-]*\.xml|pmd[\w.-]*\.xml|spotbugs[\w.-]*\.xml|detekt[\w.-]*\.ya?ml|pom\.xml|[\w.-]*\.gradle(?:\.kts)?|gradle\.properties|[\w.-]+\.(?:cs|fs|vb)proj|Directory\.Build\.(?:props|targets)|\.editorconfig|[\w.-]*\.ruleset|\.globalconfig|CMakeLists\.txt|[\w.-]+\.cmake|\.clang-tidy|\.clang-format|codecov\.ya?ml|\.?swiftlint\.ya?ml|\.credo\.exs|coveralls\.json|sonar-project\.properties|[\w.-]+\.runsettings|spec_helper\.rb|rails_helper\.rb|test_helper\.rb|noxfile\.py|lerna\.json|nx\.json|turbo\.json|project\.json)$/,
  /** Tells a checker what not to look at. */
  ignoreList:
    /(?:^|\/)\.(?:eslint|prettier|stylelint|oxlint|biome|flake8|bandit|semgrep|clang-format|rubocop|coverage|test|jest|nyc|trivy|snyk)ignore$|(?:^|\/)(?:[\w.-]*baseline[\w.-]*\.(?:neon|xml|json|ya?ml|toml)|\.rubocop_todo\.yml|\.?eslint-suppressions\.json)$/,
  /** Commands that people and pipelines run. */
  script:
    /(?:^|\/)(?:GNU)?[mM]akefile(?:\.\w+)?$|\.mk$|(?:^|\/)(?:[jJ]ustfile|Taskfile[\w.]*\.ya?ml|Rakefile|Earthfile|noxfile\.py|tox\.ini|Dockerfile[\w.-]*|[\w.-]+\.Dockerfile|docker-compose[\w.-]*\.ya?ml|compose[\w.-]*\.ya?ml|tasks\.py|magefile\.go|build\.(?:sh|ps1|cake)|package\.json|composer\.json|deno\.jsonc?|turbo\.json|nx\.json|project\.json)$|\.(?:sh|bash|ps1|cmd|bat)$/,
  /** What a test compares with, kept as a file. */
  expectation:
    /\.(?:snap|ambr|golden|approved\.\w+|verified\.\w+|expected|stdout|stderr|expect)(?:\.\w{1,8})?$|(?:^|\/)(?:__snapshots__|snapshots?|__image_snapshots__|golden(?:s|[-_]?files?)?|expected(?:[-_]?outputs?)?|approvals?|baselines?|cassettes)\/|(?:^|\/)(?:[\w.-]*[._-])?(?:golden|expected|snapshot|baseline)(?:[._-][\w.-]*)?\.(?:json|txt|ya?ml|xml|html|csv|md|out|svg|png|sql|log|ts|js|bin)$/,
  /** For readers. */
  doc: /\.(?:md|mdx|rst|adoc|asciidoc|textile|pod)$|^(?:docs?|documentation|website)\/|(?:^|\/)(?:LICEN[CS]E|NOTICE|AUTHORS|CHANGELOG|CHANGES|README|CONTRIBUTORS)[\w.-]*$|(?:^|\/)\.changeset\//i,
  /** Written by a program. */
  generated:
    /(?:^|\/)(?:dist|build|out|vendor|node_modules|third_party|generated|__generated__|gen|coverage|\.next|target)\/|\.(?:min\.(?:js|css)|pb\.(?:go|cc|h)|g\.(?:cs|dart)|generated\.\w+|designer\.cs|map)$|_(?:pb2(?:_grpc)?\.pyi?|generated\.go|gen\.go|string\.go)$|_mock\.go$/i,
  /** Lies among tests without being one in a language that the rules know. */
  testData:
    /(?:^|\/)(?:[tT]ests?|specs?|__tests__|e2e|fixtures?|__fixtures__|testdata|test-data|[\w-]+\.Tests)\//,
} as const satisfies Record<string, RegExp>;

export type FileKind = keyof typeof fileKinds;

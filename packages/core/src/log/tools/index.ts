import type { LogTool } from "../tool.ts";
import { annotation } from "./annotation.ts";
import { bazel } from "./bazel.ts";
import { bun } from "./bun.ts";
import { esbuild, next, vite, webpack } from "./bundlers.ts";
import { cargoTest } from "./cargo-test.ts";
import { cc } from "./cc.ts";
import { cmake } from "./cmake.ts";
import { coverage } from "./coverage.ts";
import { ctest } from "./ctest.ts";
import { deno } from "./deno.ts";
import { docker } from "./docker.ts";
import { mkdocs, sphinx } from "./docs.ts";
import { dotnet } from "./dotnet.ts";
import { eslint } from "./eslint.ts";
import { git, gitDiff } from "./git.ts";
import { go } from "./go.ts";
import { gradle } from "./gradle.ts";
import { gtest } from "./gtest.ts";
import { javac } from "./javac.ts";
import { jest } from "./jest.ts";
import { junitConsole } from "./junit-console.ts";
import { helm, kubectl } from "./kubernetes.ts";
import {
  actionlint,
  codespell,
  golangciLint,
  hadolint,
  markdownlint,
  pylint,
  rubocop,
  yamllint,
} from "./line-linters.ts";
import { make } from "./make.ts";
import { maven } from "./maven.ts";
import { minitest } from "./minitest.ts";
import { mocha } from "./mocha.ts";
import { msbuild } from "./msbuild.ts";
import { mypy } from "./mypy.ts";
import { nodeTest } from "./node-test.ts";
import { npm } from "./npm.ts";
import { passing } from "./passing.ts";
import { php, phpstan } from "./php.ts";
import { phpunit } from "./phpunit.ts";
import { pip } from "./pip.ts";
import { cypress, playwright } from "./playwright.ts";
import { preCommit } from "./pre-commit.ts";
import { prettier } from "./prettier.ts";
import { process } from "./process.ts";
import { pyright } from "./pyright.ts";
import { pytest } from "./pytest.ts";
import { black, isort } from "./python-format.ts";
import { python } from "./python.ts";
import { rspec } from "./rspec.ts";
import { ruff } from "./ruff.ts";
import { rustc } from "./rustc.ts";
import { rustfmt } from "./rustfmt.ts";
import { shell } from "./shell.ts";
import { shellcheck } from "./shellcheck.ts";
import { stylelint } from "./stylelint.ts";
import { swift } from "./swift.ts";
import { terraform } from "./terraform.ts";
import { troubleWords } from "./trouble-words.ts";
import { tsc } from "./tsc.ts";
import { unittest } from "./unittest.ts";
import { vitest } from "./vitest.ts";
import { biome, oxlint } from "./web-linters.ts";

/** Every tool whose output is understood, the exact before the vague: the first that takes a line has it. */
export const tools: readonly LogTool[] = [
  passing,
  coverage,
  pytest,
  unittest,
  jest,
  vitest,
  mocha,
  nodeTest,
  cargoTest,
  golangciLint,
  go,
  gradle,
  javac,
  maven,
  junitConsole,
  dotnet,
  msbuild,
  rspec,
  minitest,
  phpunit,
  phpstan,
  php,
  gtest,
  ctest,
  playwright,
  bun,
  deno,
  swift,
  rustc,
  tsc,
  cc,
  cmake,
  rustfmt,
  yamllint,
  stylelint,
  biome,
  oxlint,
  rubocop,
  shellcheck,
  actionlint,
  hadolint,
  markdownlint,
  codespell,
  black,
  isort,
  sphinx,
  mkdocs,
  terraform,
  helm,
  kubectl,
  next,
  vite,
  webpack,
  esbuild,
  eslint,
  prettier,
  mypy,
  pylint,
  pyright,
  ruff,
  docker,
  pip,
  npm,
  git,
  cypress,
  // These run other tools, and leave what those print to them.
  bazel,
  make,
  preCommit,
  process,
  // Guesses, last.
  gitDiff,
  python,
  shell,
  annotation,
  troubleWords,
];

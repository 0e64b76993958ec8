import type { LaneSource } from "../lane-rule.ts";
import { beam } from "./beam.ts";
import { billing } from "./billing.ts";
import { cancelled } from "./cancelled.ts";
import { curl } from "./curl.ts";
import { dart } from "./dart.ts";
import { disk } from "./disk.ts";
import { docker } from "./docker.ts";
import { dotnet } from "./dotnet.ts";
import { git } from "./git.ts";
import { githubServices } from "./github-services.ts";
import { go } from "./go.ts";
import { jvm } from "./jvm.ts";
import { memory } from "./memory.ts";
import { missingTool } from "./missing-tool.ts";
import { network } from "./network.ts";
import { notThere } from "./not-there.ts";
import { npm } from "./npm.ts";
import { operations } from "./operations.ts";
import { osPackages } from "./os-packages.ts";
import { python } from "./python.ts";
import { retry } from "./retry.ts";
import { rubyPhp } from "./ruby-php.ts";
import { runner } from "./runner.ts";
import { rust } from "./rust.ts";
import { secrets } from "./secrets.ts";
import { timeLimit } from "./time-limit.ts";
import { workflow } from "./workflow.ts";

/** All that can be to blame besides the code. Where two rules fit a line, the first one says what happened. */
export const laneSources: readonly LaneSource[] = [
  billing,
  runner,
  cancelled,
  timeLimit,
  workflow,
  secrets,
  missingTool,
  notThere,
  disk,
  memory,
  docker,
  git,
  npm,
  python,
  rust,
  jvm,
  dotnet,
  go,
  rubyPhp,
  beam,
  dart,
  operations,
  osPackages,
  githubServices,
  curl,
  network,
  retry,
];

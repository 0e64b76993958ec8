import { assertionsRemoved } from "./assertions-removed.ts";
import { assertionsWeakened } from "./assertions-weakened.ts";
import { bigFilesAdded } from "./big-files-added.ts";
import { ciChanged } from "./ci-changed.ts";
import { conflictMarkers } from "./conflict-markers.ts";
import { diffHidden } from "./diff-hidden.ts";
import { exitInTests } from "./exit-in-tests.ts";
import { expectationsChanged } from "./expectations-changed.ts";
import { failuresIgnored } from "./failures-ignored.ts";
import { failuresSwallowed } from "./failures-swallowed.ts";
import { hooksChanged } from "./hooks-changed.ts";
import { lockfileChanged } from "./lockfile-changed.ts";
import { outsideRepository } from "./outside-repository.ts";
import { retriesRaised, timeoutsRaised } from "./patience-raised.ts";
import { protectedPathChanged } from "./protected-path-changed.ts";
import { scriptsChanged } from "./scripts-changed.ts";
import { secretsAdded } from "./secrets-added.ts";
import { strictnessLowered } from "./strictness-lowered.ts";
import { testConfigChanged } from "./test-config-changed.ts";
import { testsDeleted } from "./tests-deleted.ts";
import { testsDetected } from "./tests-detected.ts";
import { testsExcluded } from "./tests-excluded.ts";
import { testsFocused } from "./tests-focused.ts";
import { testsSkipped } from "./tests-skipped.ts";
import { thresholdsLowered } from "./thresholds-lowered.ts";
import { unitMocked } from "./unit-mocked.ts";
import { warningsQuieted, warningsQuietedWithReason } from "./warnings-quieted.ts";

/** All rules, in the order in which findings are shown. */
export const tamperRules = [
  testsDeleted,
  testsSkipped,
  testsFocused,
  testsExcluded,
  assertionsRemoved,
  assertionsWeakened,
  expectationsChanged,
  failuresSwallowed,
  exitInTests,
  unitMocked,
  testsDetected,
  thresholdsLowered,
  strictnessLowered,
  warningsQuieted,
  warningsQuietedWithReason,
  failuresIgnored,
  retriesRaised,
  timeoutsRaised,
  ciChanged,
  hooksChanged,
  scriptsChanged,
  testConfigChanged,
  lockfileChanged,
  protectedPathChanged,
  secretsAdded,
  bigFilesAdded,
  conflictMarkers,
  outsideRepository,
  diffHidden,
] as const;

/** A rule's name, as in the config and in `--allow`. */
export type TamperRuleName = (typeof tamperRules)[number]["name"];

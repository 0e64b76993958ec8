import type { Failure } from "../log/failure.ts";
import { findTrouble } from "./find-trouble.ts";

/**
 * Whether a failure is the code's for certain. A build that fails without naming a source file, a missing dependency or a mere exit code may
 * be the echo of a lost connection; a program that was stopped may have been stopped by the machine.
 */
export function isOfTheCode({ kind, file, message }: Failure): boolean {
  switch (kind) {
    case "type":
    case "lint":
    case "format":
      return true;
    case "test":
      return comparing.test(message) || findTrouble(message)?.rule?.evenInTests !== true;
    case "build":
      return file !== undefined && !recipe.test(file) && !isTrouble(message);
    case "crash":
      return !isTrouble(message);
    case "timeout":
    case "out_of_memory":
    case "dependency":
    case "command":
      return false;
  }
}

function isTrouble(message: string): boolean {
  const rule = findTrouble(message)?.rule ?? null;
  return rule !== null && rule.lane !== "code";
}

// A test that compares words with what it expected did get its answer.
const comparing =
  /\bassert|\bexpect|\b(?:to|not) (?:be|equal|match|contain|throw)|[!=]==?|\bgot\b.{0,200}\bwant\b/i;

// What says how to build: an error there names the step that failed, not the reason.
const recipe =
  /(?:^|[/\\])(?:Dockerfile[\w.-]*|[\w.-]+\.Dockerfile|[\w.-]+\.gradle(?:\.kts)?|pom\.xml|[Mm]akefile|CMakeLists\.txt|package\.json|Cargo\.toml|go\.mod|[\w.-]+\.(?:cs|fs|vb)proj|[\w.-]+\.sln|setup\.py|pyproject\.toml|[\w.-]+\.targets)$/;

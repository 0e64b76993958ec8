import { UserError } from "@ampx/core/user-error";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { printable } from "./render/printable.ts";

interface Failure {
  /** A `UserErrorKind`, or `bug`. */
  kind: string;
  message: string;
  tryThis: string | undefined;
  exitCode: number;
  /** Only of a bug: an expected failure has no use for it. */
  stack: string | undefined;
}

/** Thrown to end a command that has already told why, or that a signal ended: nothing more is printed. */
export class Ended extends Error {
  override readonly name = "Ended";
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/**
 * Tells a failure: `✗ what` and `  try: what to do` on stderr; under `--json` instead `{"error": …}` on stdout. Returns the exit code.
 */
export function reportFailure(
  error: unknown,
  json: boolean,
  out: { stdout(text: string): void; stderr(text: string): void },
): number {
  if (error instanceof Ended) return error.exitCode;
  const failure = failureOf(error);
  if (json) out.stdout(`${JSON.stringify({ error: failureJson(failure) })}\n`);
  else out.stderr(failureText(failure));
  return failure.exitCode;
}

function failureOf(error: unknown): Failure {
  if (error instanceof UserError) {
    return {
      kind: error.kind,
      message: error.message,
      tryThis: error.tryThis,
      exitCode: exitCodeOf[error.kind],
      stack: undefined,
    };
  }
  const bug = error instanceof Error ? error : new Error(String(error));
  return {
    kind: "bug",
    message: `ampx broke down: ${bug.message}`,
    tryThis: "the same command once more; if it breaks down again, report the lines below",
    exitCode: exitCodes.failed,
    stack: bug.stack,
  };
}

function failureJson({ kind, message, tryThis, exitCode }: Failure): object {
  return {
    kind,
    message,
    ...(tryThis !== undefined && { try_this: tryThis }),
    exit_code: exitCode,
  };
}

function failureText({ message, tryThis, stack }: Failure): string {
  const lines = [`✗ ${printable(message)}`];
  if (tryThis !== undefined)
    lines.push(...`try: ${printable(tryThis)}`.split("\n").map((line) => `  ${line}`));
  if (stack !== undefined) lines.push("", printable(stack));
  return `${lines.join("\n")}\n`;
}

import { UserError, type UserErrorKind } from "@ampx/core/user-error";

/** An expected failure on its way from one process to another, see `UserError`. */
export interface StartFailure {
  kind: UserErrorKind;
  message: string;
  tryThis?: string;
}

/** An error as another process can tell it. The stack of a bug goes to this process's stderr, which is the log. */
export function startFailure(error: unknown): StartFailure {
  if (error instanceof UserError) {
    const { kind, message, tryThis } = error;
    return { kind, message, ...(tryThis !== undefined && { tryThis }) };
  }
  console.error(error);
  return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
}

/** The error again, where it is told. */
export function userErrorOf({ kind, message, tryThis }: StartFailure): UserError {
  return new UserError(message, { kind, ...(tryThis !== undefined && { tryThis }) });
}

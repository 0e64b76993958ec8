/** An expected failure, told to a person: what failed, on what, and what to try. Anything else that is thrown is a bug. */
export class UserError extends Error {
  override readonly name = "UserError";
  readonly kind: UserErrorKind;
  readonly tryThis: string | undefined;
  /** Which parts of what was given are wrong, and how; empty when it is not known. */
  readonly fields: readonly { field: string; message: string }[];

  constructor(
    message: string,
    options: {
      kind?: UserErrorKind;
      tryThis?: string;
      fields?: UserError["fields"];
      cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = options.kind ?? "failed";
    this.tryThis = options.tryThis;
    this.fields = options.fields ?? [];
  }
}

/** Each kind has one exit code in the CLI and one HTTP status in the API. */
export type UserErrorKind =
  | "failed"
  | "invalid"
  | "not_found"
  | "conflict"
  | "unreachable"
  | "unauthorized";

/** An answer that is an error of the one who asks, thrown by whoever notices. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly status: number;
  readonly errors: readonly unknown[] | undefined;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    {
      errors,
      headers = {},
    }: { errors?: readonly unknown[]; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

/** `422` as GitHub words it. */
export function validationFailed(...errors: readonly unknown[]): Refusal {
  return new Refusal(422, "Validation Failed", { errors });
}

export function notFound(): Refusal {
  return new Refusal(404, "Not Found");
}

export function errorBody({ status, message, errors }: Refusal): Record<string, unknown> {
  return {
    message,
    ...(errors !== undefined && { errors }),
    documentation_url: "https://docs.github.com/rest",
    status: String(status),
  };
}

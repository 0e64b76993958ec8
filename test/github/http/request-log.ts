import type { RequestKind } from "./faults.ts";

/** One request, as it was answered. */
export interface LoggedRequest {
  readonly at: number;
  readonly kind: RequestKind;
  readonly method: string;
  /** Without `/api/v3` and the query. */
  readonly path: string;
  readonly query: string;
  /** As in the OpenAPI description, such as `/repos/{owner}/{repo}/pulls`. */
  route: string | undefined;
  /** Login of the token's account, or the app's slug. */
  by: string | undefined;
  /** Undefined while it is being answered, or when it was cut. */
  status: number | undefined;
  /** Whether it was taken off the rate limit. */
  counted: boolean;
  /** Whether a fault hit it. */
  faulty: boolean;
}

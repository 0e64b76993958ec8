import type { Request, Response } from "express";
import type { z } from "zod";
import type { ApiDeps } from "./api-deps.ts";

/** One operation of the API: what serves it, and what the OpenAPI document says of it. */
export interface Route {
  method: "get" | "post" | "patch";
  /** With parameters in braces; served under `/` and under `/api`. */
  path: string;
  name: string;
  summary: string;
  query?: z.ZodType;
  headers?: { name: string; description: string }[];
  body?: z.ZodType;
  answer: { status: number; description: string; schema?: z.ZodType; events?: z.ZodType };
  /** Statuses of the problems that are this route's own. */
  problems?: number[];
  /** Answers without a token. */
  open?: boolean;
  /** Answers under any Host and to any Origin: what it takes is signed by who sends it. Only with `open`. */
  signed?: boolean;
  handle(req: Request, res: Response, deps: RouteDeps): void | Promise<void>;
}

export type RouteDeps = ApiDeps & {
  /** Aborts when the server ends: streams end then. */
  closing: AbortSignal;
};

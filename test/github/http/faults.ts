/** How a request goes wrong. */
export type Fault = FaultKind & {
  /** It goes wrong on the way back: what was asked for has happened. */
  readonly afterEffect?: boolean;
};

type FaultKind =
  | {
      readonly status: number;
      readonly message?: string;
      readonly headers?: Record<string, string>;
    }
  /** `hang` never answers, `cut` ends in the middle of the body, `html` is a page of a proxy, with status 200. */
  | { readonly kind: "reset" | "hang" | "cut" | "html" };

/** Which requests go wrong. What is left out matches all. */
export interface FaultFor {
  readonly method?: string;
  /** Of the whole path, without `/api/v3`. */
  readonly path?: RegExp | string;
  readonly kind?: RequestKind;
  /** How many matching requests pass before; 0 by default. */
  readonly skip?: number;
  /** How many go wrong; 1 by default. */
  readonly times?: number;
}

export type RequestKind = "rest" | "graphql" | "git" | "logs";

interface Armed {
  readonly of: FaultFor;
  readonly fault: Fault;
  seen: number;
}

export interface Faults {
  /** A number is the n-th request of any kind from now on, the next being 1. */
  add(of: FaultFor | number, fault: Fault): void;
  /** The one that hits this request. */
  hit(request: { method: string; path: string; kind: RequestKind }): Fault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  let armed: Armed[] = [];
  return {
    add(of, fault) {
      armed.push({ of: typeof of === "number" ? { skip: of - 1 } : of, fault, seen: 0 });
    },
    hit(request) {
      let hit: Fault | undefined;
      for (const one of armed) {
        const { skip = 0, times = 1 } = one.of;
        if (!matches(one.of, request)) continue;
        one.seen++;
        if (one.seen > skip && one.seen <= skip + times) hit ??= one.fault;
      }
      armed = armed.filter(({ of: { skip = 0, times = 1 }, seen }) => seen < skip + times);
      return hit;
    },
    clear() {
      armed = [];
    },
  };
}

function matches(
  { method, path, kind }: FaultFor,
  request: { method: string; path: string; kind: RequestKind },
): boolean {
  return (
    (method === undefined || method === request.method) &&
    (kind === undefined || kind === request.kind) &&
    (path === undefined ||
      (typeof path === "string" ? path === request.path : path.test(request.path)))
  );
}

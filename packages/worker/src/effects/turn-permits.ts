import type { Millis, PermissionAnswer, PermissionRequest, TaskState } from "@ampx/core";

export interface PermitOptions {
  /** What the policy says; a string: it is for a person to say, for this reason. */
  judge(request: PermissionRequest): PermissionAnswer | string;
  /** Records that a person is asked. */
  ask(id: number, request: PermissionRequest, why: string): Promise<void>;
  /** So long a person has to answer. */
  patienceMs: Millis;
}

/** Answers what an agent asks for in a turn. */
export interface TurnPermits {
  permit(request: PermissionRequest): Promise<PermissionAnswer>;
  /** Looks whether a person has answered. */
  news(state: TaskState): void;
  /** What is still open is denied. */
  close(): void;
}

export function turnPermits({ judge, ask, patienceMs }: PermitOptions): TurnPermits {
  const open = new Map<number, (answer: PermissionAnswer) => void>();
  let asked = 0;

  return {
    async permit(request) {
      const judged = judge(request);
      if (typeof judged !== "string") return judged;
      const id = ++asked;
      const { promise, resolve } = Promise.withResolvers<PermissionAnswer>();
      open.set(id, resolve);
      const timer = setTimeout(() => {
        const minutes = Math.ceil(patienceMs / 60_000);
        resolve({
          is: "denied",
          why: `${judged}, and nobody has allowed it within ${minutes} min`,
        });
      }, patienceMs);
      try {
        await ask(id, request, judged);
        return await promise;
      } finally {
        clearTimeout(timer);
        open.delete(id);
      }
    },
    news({ phase }) {
      if (phase.name !== "coding" || phase.turn === null) return;
      for (const { id, answer } of phase.turn.asks) {
        if (answer === null) continue;
        const { by, allow } = answer;
        open.get(id)?.(allow ? { is: "allowed" } : { is: "denied", why: `${by} has denied it` });
      }
    },
    close() {
      for (const resolve of open.values()) resolve({ is: "denied", why: "the turn is over" });
    },
  };
}

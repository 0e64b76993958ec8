/** What a task wants for itself, or shares with others that only read it. */
export interface LockWish {
  name: string;
  shared: boolean;
}

/** A lock as a ticket names it: `user-auth`, or `read:user-auth` to share it. */
export function lockWish(text: string): LockWish {
  const shared = text.startsWith("read:");
  return { name: shared ? text.slice("read:".length) : text, shared };
}

/** Who has a lock, or comes before others for it. */
export interface LockClaim {
  task: string;
  shared: boolean;
}

/** Who is in the way of a wish; undefined when nobody is. One's own claims are in nobody's way. */
export function inTheWay(
  { shared }: LockWish,
  claims: readonly LockClaim[],
  task: string,
): LockClaim | undefined {
  return claims.find((claim) => claim.task !== task && !(shared && claim.shared));
}

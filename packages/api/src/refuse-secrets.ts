import type { ApiDeps } from "./api-deps.ts";
import { ProblemError } from "./problem.ts";

/** Refuses texts that hold a known secret: they would be stored, shown and given to an agent. The answer names the field only. */
export function refuseSecrets(
  texts: Record<string, unknown>,
  leakedSecret: ApiDeps["leakedSecret"],
): void {
  const errors: { field: string; message: string }[] = [];
  for (const [field, text] of Object.entries(texts)) {
    const leak = typeof text === "string" ? leakedSecret(text) : null;
    if (leak !== null) errors.push({ field, message: `holds a secret (${leak.kind})` });
  }
  if (errors.length === 0) return;
  throw new ProblemError(
    "secret",
    errors.map(({ field, message }) => `${field} ${message}`).join("; "),
    {
      errors,
      tryThis:
        "say where the secret is kept, not what it is; if it got here by mistake, replace it where it is issued",
    },
  );
}

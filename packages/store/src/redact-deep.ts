/** The value with every string in it redacted, at any depth; the very same value when there was nothing to redact. */
export function redactDeep<T>(value: T, redact: (text: string) => string): T;
export function redactDeep(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    let changed = false;
    const items = value.map((item: unknown) => {
      const clean = redactDeep(item, redact);
      changed ||= clean !== item;
      return clean;
    });
    return changed ? items : value;
  }
  let changed: Record<string, unknown> | undefined;
  for (const [key, item] of Object.entries(value)) {
    const clean = redactDeep<unknown>(item, redact);
    if (clean === item) continue;
    changed ??= { ...value };
    changed[key] = clean;
  }
  return changed ?? value;
}

import { randomBytes } from "node:crypto";

/** The other host, where logs lie: an address is good for a while, and for whoever knows it. */
export interface LogStore {
  /** Returns the address. */
  put(kind: "text" | "zip", content: string | Buffer, now: number): string;
  get(path: string, authorization: string | undefined, now: number): StoredLog;
}

export interface StoredLog {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string | Buffer;
}

export function createLogStore(origin: () => string, lifetimeMs: number): LogStore {
  const stored = new Map<string, { kind: string; content: string | Buffer; until: number }>();
  return {
    put(kind, content, now) {
      const path = `/logs/${randomBytes(16).toString("hex")}`;
      const until = now + lifetimeMs;
      stored.set(path, { kind, content, until });
      const expires = encodeURIComponent(new Date(until).toISOString());
      return `${origin()}${path}?se=${expires}&sig=${randomBytes(16).toString("hex")}`;
    },
    get(path, authorization, now) {
      const found = stored.get(path);
      if (found === undefined) return xml(404, "BlobNotFound");
      // The storage reads a foreign token as a login of its own, and refuses it.
      if (authorization !== undefined) return xml(401, "InvalidAuthenticationInfo");
      if (now >= found.until) return xml(403, "AuthenticationFailed");
      const type = found.kind === "zip" ? "application/zip" : "text/plain; charset=utf-8";
      return { status: 200, headers: { "content-type": type }, body: found.content };
    },
  };
}

function xml(status: number, code: string): StoredLog {
  return {
    status,
    headers: { "content-type": "application/xml", "x-ms-error-code": code },
    body: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code></Error>`,
  };
}

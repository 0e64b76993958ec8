/** Where the answers' addresses begin: as the one who asks reached us. */
export interface Site {
  /** Such as `http://127.0.0.1:4000/api/v3`. */
  readonly api: string;
  readonly html: string;
}

/** As GitHub writes times. */
export function iso(time: number): string;
export function iso(time: number | undefined): string | null;
export function iso(time: number | undefined): string | null {
  return time === undefined ? null : `${new Date(time).toISOString().slice(0, 19)}Z`;
}

export function nodeId(kind: string, id: number): string {
  return `${kind}_${Buffer.from(String(id)).toString("base64url")}`;
}

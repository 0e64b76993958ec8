import type { Call } from "./call.ts";

export interface Page<T> {
  readonly items: T[];
  readonly headers: Record<string, string>;
}

/** The asked page, and the links to the others: by the repository's number, as GitHub writes them. */
export function page<T>(
  { query, site, path, ...rest }: Call & { repository?: { id: number } },
  all: readonly T[],
): Page<T> {
  const size = within(query.get("per_page"), 30, 100);
  const number = within(query.get("page"), 1, Infinity);
  const last = Math.max(Math.ceil(all.length / size), 1);
  const { repository } = rest;
  const byNumber =
    repository === undefined
      ? path
      : path.replace(/^\/repos\/[^/]+\/[^/]+/, `/repositories/${repository.id}`);

  const link = (rel: string, to: number) => {
    const params = new URLSearchParams(query);
    params.set("page", String(to));
    return `<${site.api}${byNumber}?${params.toString()}>; rel="${rel}"`;
  };
  const links = [
    ...(number > 1 ? [link("prev", Math.min(number - 1, last))] : []),
    ...(number < last ? [link("next", number + 1), link("last", last)] : []),
    ...(number > 1 ? [link("first", 1)] : []),
  ];
  return {
    items: all.slice((number - 1) * size, number * size),
    headers: links.length === 0 ? {} : { link: links.join(", ") },
  };
}

function within(given: string | null, fallback: number, most: number): number {
  const value = Number(given ?? fallback);
  return Number.isInteger(value) && value > 0 ? Math.min(value, most) : fallback;
}

import { z } from "zod";
import { when } from "./when.ts";

/** `isPull`: GitHub numbers pull requests and issues alike, and shows both as issues. */
export const Issue = z
  .object({
    number: z.int(),
    title: z.string(),
    body: z.string().nullish(),
    html_url: z.string(),
    pull_request: z.unknown().optional(),
  })
  .transform(({ number, title, body, html_url: url, pull_request: pull }) => ({
    number,
    title,
    text: body ?? "",
    url,
    isPull: pull !== undefined && pull !== null,
  }));

export type Issue = z.output<typeof Issue>;

/** Null for an account that is gone. */
export const Author = z
  .object({ login: z.string(), type: z.string().optional() })
  .nullish()
  .transform((user) => {
    if (!user) return null;
    const { login, type } = user;
    return { login, isBot: type === "Bot" || login.endsWith("[bot]") };
  });

/** Below issues and pull requests alike; `issue` is the number of either. */
export const Comments = z.array(
  z
    .object({
      id: z.int(),
      body: z.string().nullish(),
      user: Author,
      html_url: z.string(),
      issue_url: z.string(),
      created_at: when,
    })
    .transform(({ id, body, user, html_url: url, issue_url: of, created_at: at }) => ({
      id,
      body: body ?? "",
      author: user,
      at,
      issue: Number(/\/issues\/(\d+)$/.exec(of)?.[1] ?? NaN),
      ofPull: /\/pull\/\d+#/.test(url),
    })),
);

/** What happened to issues. `label`: of the events that set or take one. */
export const IssueEvents = z.array(
  z
    .object({
      id: z.int(),
      event: z.string(),
      actor: Author,
      created_at: when,
      label: z.object({ name: z.string() }).nullish(),
      issue: Issue.nullish(),
    })
    .transform(({ id, event, actor, created_at: at, label, issue }) => ({
      id,
      event,
      by: actor,
      at,
      label: label?.name ?? null,
      issue: issue ?? null,
    })),
);

import { TransientError, UserError } from "@ampx/core";
import { z } from "zod";
import type { Call, GitHubClient } from "./client.ts";

/** What came of a mutation: GitHub did it, or said no. */
export type Mutation = { is: "done" } | { is: "refused"; said: string };

/** Does what REST cannot do. Throws a `UserError` for what the token may not. */
export async function mutate(
  client: GitHubClient,
  mutation: { name: string; input: string; variables: Readonly<Record<string, unknown>> },
  call: Call,
): Promise<Mutation> {
  const { name, input, variables } = mutation;
  const types: Readonly<Record<string, string>> = {
    id: "ID!",
    sha: "GitObjectID",
    method: "PullRequestMergeMethod",
  };
  const declared = Object.keys(variables).map((key) => `$${key}: ${types[key] ?? "String"}`);
  const query = `mutation(${declared.join(", ")}) { ${name}(input: {${input}}) { clientMutationId } }`;
  const sent = await client.send("POST", "/graphql", { query, variables }, Answer, call);
  if (sent.is === "refused") return { is: "refused", said: sent.said };
  const said = refusalIn(sent.value, name);
  return said === null ? { is: "done" } : { is: "refused", said };
}

/** Asks what REST does not tell. Null: this GitHub does not know it. */
export async function ask<T>(
  client: GitHubClient,
  query: string,
  variables: Readonly<Record<string, unknown>>,
  data: z.ZodType<T>,
  call: Call,
): Promise<T | null> {
  const answer = await client.query({ query, variables }, Answer, call);
  if (refusalIn(answer, "the question") !== null) return null;
  const parsed = data.safeParse(answer.data);
  return parsed.success ? parsed.data : null;
}

const Answer = z.object({
  data: z.unknown(),
  errors: z.array(z.object({ type: z.string().optional(), message: z.string() })).optional(),
});

/** GraphQL refuses with status 200. */
function refusalIn({ errors = [] }: z.output<typeof Answer>, what: string): string | null {
  const [first] = errors;
  if (first === undefined) return null;
  const said = errors.map(({ message }) => message).join("; ");
  if (first.type === "RATE_LIMITED" || first.type === "SERVICE_UNAVAILABLE")
    throw new TransientError(`GitHub: ${said}`);
  if (first.type === "FORBIDDEN" || first.type === "INSUFFICIENT_SCOPES")
    throw new UserError(`GitHub does not let the token do this (${what}): ${said}`, {
      kind: "unauthorized",
      tryThis: "ampx doctor",
    });
  return said;
}

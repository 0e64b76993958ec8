import { Problem } from "@ampx/core";
import { z } from "zod";
import type { Route } from "./route.ts";

/** The OpenAPI 3.1 document of routes, so that it says what the server checks. */
export function openApi(routes: Route[], version: string): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes)
    paths[route.path] = { ...paths[route.path], [route.method]: operation(route) };
  return {
    openapi: "3.1.0",
    info: {
      title: "ampx",
      version,
      description: "Runs coding agents in the background until their work is green.",
    },
    servers: [{ url: "/" }, { url: "/api" }],
    security: [{ token: [] }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: "http",
          scheme: "bearer",
          description: "The text of the file `token` in the ampx home",
        },
      },
      schemas: { Problem: schemaOf(Problem, "output") },
    },
  };
}

function operation(route: Route): Record<string, unknown> {
  return {
    operationId: route.name,
    summary: route.summary,
    ...(route.open === true ? { security: [] } : {}),
    parameters: [...pathParameters(route), ...queryParameters(route), ...headerParameters(route)],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { "application/json": { schema: schemaOf(route.body, "input") } },
          },
        }),
    responses: { [route.answer.status]: answer(route.answer), ...problems(route) },
  };
}

function pathParameters({ path }: Route) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: "path",
    required: true,
    description: "The id, the short id, or as much of the id as names no other task",
    schema: { type: "string" },
  }));
}

function queryParameters({ query }: Route) {
  const properties =
    query === undefined
      ? {}
      : z.record(z.string(), z.looseObject({})).parse(schemaOf(query, "input")["properties"]);
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: "query",
    description,
    schema,
  }));
}

function headerParameters({ headers = [] }: Route) {
  return headers.map(({ name, description }) => ({
    name,
    in: "header",
    description,
    schema: { type: "string" },
  }));
}

function answer({ description, schema, events }: Route["answer"]) {
  const content = {
    ...(schema === undefined ? {} : { "application/json": { schema: schemaOf(schema, "output") } }),
    ...(events === undefined
      ? {}
      : { "text/event-stream": { itemSchema: schemaOf(events, "output") } }),
  };
  return Object.keys(content).length === 0 ? { description } : { description, content };
}

function problems({ body, query, open, problems: own = [] }: Route) {
  const statuses = [
    ...own,
    403,
    ...(open === true ? [] : [401]),
    ...(body === undefined ? [] : [400, 413, 415, 422]),
    ...(query === undefined ? [] : [422]),
  ];
  const content = {
    "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } },
  };
  return Object.fromEntries(
    [...new Set(statuses)].map((status) => [status, { description: "Refused", content }]),
  );
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest;
}

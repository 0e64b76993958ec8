import { describe, expect, it } from "vitest";
import { startTestApi } from "./fixture.ts";
import { openApi } from "./open-api.ts";
import { routes } from "./routes.ts";

describe("the OpenAPI document", () => {
  it("is served, and tells every route with its answers", async () => {
    await using at = await startTestApi();
    const answer = await at.send("GET", "/api/openapi.json");
    const document = JSON.parse(answer.text);
    expect(document).toMatchObject({ openapi: "3.1.0", info: { title: "ampx", version: "1.2.3" } });
    expect(
      Object.entries(document.paths).map(
        ([path, methods]) => `${path} ${Object.keys(methods as object).join(" ")}`,
      ),
    ).toEqual([
      "/tasks post get",
      "/tickets post",
      "/tasks/{id} get patch",
      "/tasks/{id}/why get",
      "/tasks/{id}/logs get",
      "/tasks/{id}/events get",
      "/events get",
      "/locks get",
      "/locks/release post",
      "/pause post",
      "/resume post",
      "/status get",
      "/stats get",
      "/healthz get",
      "/webhooks/github post",
      "/openapi.json get",
    ]);
  });

  it("says what the server checks", () => {
    const document = JSON.parse(JSON.stringify(openApi(routes, "1")));
    const body = document.paths["/tasks"].post.requestBody.content["application/json"].schema;
    expect(body).toMatchObject({ required: ["repo"], additionalProperties: false });
    expect(body.properties.max_attempts).toMatchObject({
      type: "integer",
      minimum: 1,
      maximum: 100,
    });
    expect(document.paths["/tasks"].get.parameters).toContainEqual({
      name: "limit",
      in: "query",
      schema: { default: 50, type: "integer", minimum: 1, maximum: 500 },
    });
    expect(Object.keys(document.paths["/tasks/{id}"].patch.responses)).toEqual([
      "204",
      "400",
      "401",
      "403",
      "404",
      "409",
      "413",
      "415",
      "422",
    ]);
    expect(document.paths["/healthz"].get.security).toEqual([]);
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path as object).map(({ operationId }) => operationId),
    );
    expect(new Set(ids).size).toBe(routes.length);
  });
});

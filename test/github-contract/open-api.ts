import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { npmPackages } from "../agents/npm-packages.ts";

/** What GitHub's OpenAPI description says against an answer. */
export interface Description {
  /** Whether it describes this status of the operation, such as `GET /repos/{owner}/{repo}`, 200. */
  describes(operation: string, status: number): boolean;
  /** One line for each thing wrong with the body: where, and what. */
  faults(operation: string, status: number, body: unknown): string[];
}

interface Operation {
  readonly responses: Record<string, Response>;
}

interface Response {
  readonly $ref?: string;
  readonly content?: Record<string, unknown>;
}

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly responses: Record<string, Response> };
}

interface Validate {
  (body: unknown): boolean;
  errors?:
    | readonly { instancePath: string; message?: string; params: unknown; keyword: string }[]
    | null;
}

/** 385 MB on disk, of which one file is read: far too much for a dependency of every clone. */
export async function githubDescription(): Promise<Description> {
  const folder = await npmPackages(["@octokit/openapi@23.0.2", "ajv@8.20.0", "ajv-formats@3.0.1"]);
  const file = join(folder, "node_modules/@octokit/openapi/generated/api.github.com.json");
  const document = JSON.parse(await readFile(file, "utf8")) as Document;
  const validator = newValidator(folder, document);

  const responseAt = (operation: string, status: number) => {
    const [method = "", path = ""] = operation.split(" ");
    return document.paths[path]?.[method.toLowerCase()]?.responses[String(status)];
  };
  return {
    describes: (operation, status) => responseAt(operation, status) !== undefined,
    faults(operation, status, body) {
      const response = responseAt(operation, status);
      const [method = "", path = ""] = operation.split(" ");
      const inline = `paths/${pointer(path)}/${method.toLowerCase()}/responses/${status}`;
      const at = response?.$ref?.replace("#/", "") ?? inline;
      const shared = document.components.responses[response?.$ref?.split("/").at(-1) ?? ""];
      if ((shared ?? response)?.content?.["application/json"] === undefined) return [];
      return validator(`gh#/${at}/content/application~1json/schema`, body);
    },
  };
}

/** Of a path, as a part of a JSON pointer in a URI. */
function pointer(path: string): string {
  return encodeURIComponent(path.replaceAll("~", "~0").replaceAll("/", "~1"));
}

function newValidator(folder: string, document: Document) {
  const require = createRequire(join(folder, "package.json"));
  const { default: Ajv } = require("ajv") as { default: new (options: unknown) => Ajv };
  const { default: addFormats } = require("ajv-formats") as { default: (ajv: Ajv) => void };
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  addFormats(ajv);
  ajv.addSchema(withNull(document) as object, "gh");
  return (ref: string, body: unknown) => {
    const validate = ajv.getSchema(ref);
    if (validate === undefined) throw new Error(`The description has no ${ref}`);
    if (validate(body)) return [];
    return (validate.errors ?? []).map(
      ({ instancePath, message = "", params }) =>
        `${instancePath} ${message} ${JSON.stringify(params)}`,
    );
  };
}

interface Ajv {
  addSchema(schema: object, key: string): void;
  getSchema(ref: string): Validate | undefined;
}

/** What OpenAPI calls `nullable` may be null, also where it lists its values or has no `type`. */
function withNull(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withNull);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).map(([key, value]) => [key, withNull(value)] as const);
  const { nullable, ...rest } = Object.fromEntries(entries) as Record<string, unknown>;
  if (nullable !== true) return nullable === undefined ? rest : { nullable, ...rest };
  if (Array.isArray(rest["enum"])) rest["enum"] = [...(rest["enum"] as unknown[]), null];
  return "type" in rest ? { nullable, ...rest } : { anyOf: [rest, { type: "null" }] };
}

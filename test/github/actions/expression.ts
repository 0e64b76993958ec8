import { data, Evaluator, Lexer, Parser } from "@actions/expressions";

/** What `${{ }}` can read: `github`, `matrix`, `needs`, `env`, and what a job's end is known to be. */
export interface Context {
  readonly values: Readonly<Record<string, unknown>>;
  /** Of the needed jobs, or of the steps before. */
  readonly outcome?: "success" | "failure" | "cancelled" | "skipped";
}

/** The value of an expression by GitHub's own evaluator. Throws where GitHub fails the run. */
export function evaluate(expression: string, { values, outcome = "success" }: Context): unknown {
  const functions = statusFunctions(outcome);
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, Object.keys(values), functions).parse();
  const byName = new Map(functions.map((one) => [one.name, one]));
  return fromData(new Evaluator(parsed, toDictionary(values), byName).evaluate());
}

export function isTruthy(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== 0 && value !== "";
}

function statusFunctions(outcome: string) {
  return Object.entries({
    success: outcome === "success",
    failure: outcome === "failure",
    cancelled: outcome === "cancelled",
    always: true,
  }).map(([name, answer]) => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(answer),
  }));
}

function toDictionary(values: Readonly<Record<string, unknown>>): data.Dictionary {
  const pairs = Object.entries(values).map(([key, value]) => ({ key, value: toData(value) }));
  return new data.Dictionary(...pairs);
}

function toData(value: unknown): data.ExpressionData {
  if (typeof value === "string") return new data.StringData(value);
  if (typeof value === "number") return new data.NumberData(value);
  if (typeof value === "boolean") return new data.BooleanData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  if (typeof value === "object" && value !== null)
    return toDictionary(value as Record<string, unknown>);
  return new data.Null();
}

function fromData(value: data.ExpressionData): unknown {
  return JSON.parse(JSON.stringify(value, data.replacer)) as unknown;
}

import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { fingerprint, type Failure, type LogReading } from "@ampx/core";
import { logReader } from "@ampx/core/log/read-log";
import { createRedactor } from "@ampx/core/redact";
import { secretValues } from "@ampx/core/redact-environment";
import { UserError } from "@ampx/core/user-error";
import { string } from "@oclif/core/args";
import { AmpxCommand } from "../ampx-command.ts";
import { wholeNumber } from "../flags.ts";

interface Excerpted {
  excerpt: string;
  failures: (Failure & { fingerprint: string })[];
  lane: LogReading["lane"];
}

export default class Excerpt extends AmpxCommand {
  static override summary = "Show what of a failing CI log a fixer needs";
  static override description = `Reads the log of one job, of any CI and any size, from a file or from stdin. Needs no server. With --json also the failures in it as data, and whose fault they are.`;
  static override examples = [
    "<%= config.bin %> excerpt ci.log",
    "gh run view --log-failed | <%= config.bin %> excerpt --max-chars 16000",
  ];
  static override args = {
    file: string({ ignoreStdin: true, description: "The log; stdin where none is given" }),
  };
  static override flags = {
    "max-chars": wholeNumber(
      "max-chars",
      { min: 1, max: 1_000_000 },
      "The most characters of the excerpt, 4000 if not given",
    ),
  };

  async run(): Promise<Excerpted> {
    const { args, flags } = await this.parse(Excerpt);
    const redact = createRedactor(secretValues(process.env));
    const reader = logReader({ redact });
    for await (const chunk of chunksOf(args.file)) reader.push(chunk);
    const { excerpt, failures, lane } = reader.end();
    // The line break behind it counts too.
    const maxChars = Math.max(1, (flags["max-chars"] ?? 4_000) - 1);
    const text = redact(excerpt(maxChars)).slice(0, maxChars).toWellFormed();
    this.log(text);
    return {
      excerpt: text,
      failures: failures.map((failure) => ({
        ...failure,
        fingerprint: fingerprint(failure),
      })),
      lane,
    };
  }
}

async function* chunksOf(file: string | undefined): AsyncGenerator<Uint8Array> {
  if (file === undefined && process.stdin.isTTY)
    throw new UserError("No log is given", {
      kind: "invalid",
      tryThis: "ampx excerpt ci.log, or … | ampx excerpt",
    });
  const path = file === undefined ? undefined : resolve(file);
  try {
    const stream: AsyncIterable<Uint8Array> =
      path === undefined ? process.stdin : createReadStream(path);
    yield* stream;
  } catch (cause) {
    throw unreadable(path ?? "stdin", cause);
  }
}

function unreadable(path: string, cause: unknown): UserError {
  const code = cause instanceof Error && "code" in cause ? cause.code : "";
  if (code === "ENOENT")
    return new UserError(`${path} does not exist`, {
      kind: "not_found",
      tryThis: "the path of a log",
      cause,
    });
  const reason = code === "EISDIR" ? "is a folder" : `cannot be read: ${String(cause)}`;
  return new UserError(`${path} ${reason}`, {
    kind: "invalid",
    tryThis: "the path of a log",
    cause,
  });
}

import { open, type FileHandle } from "node:fs/promises";

/** What is kept of the output in the status. */
const tailBytes = 64 * 1024;
/** A longer line is redacted in pieces, cut between words. */
const maxLine = 64 * 1024;

/**
 * The log of one run: everything that was printed, redacted line by line, on disk; beyond `maxBytes` only the end. Memory is bounded
 * whatever is printed.
 */
export class CiLog implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #redactLine: (line: string) => string;
  readonly #maxBytes: number;
  #written = 0;
  #leftOut = 0;
  #tail = "";
  #unfinished = "";

  private constructor(file: FileHandle, redactLine: (line: string) => string, maxBytes: number) {
    this.#file = file;
    this.#redactLine = redactLine;
    this.#maxBytes = maxBytes;
  }

  /** Begins an empty log. */
  static async open(
    path: string,
    options: { redactLine: (line: string) => string; maxBytes: number },
  ): Promise<CiLog> {
    return new CiLog(await open(path, "w"), options.redactLine, options.maxBytes);
  }

  /** Reads to the stream's end. */
  async read(stream: AsyncIterable<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) await this.#add(decoder.decode(chunk, { stream: true }));
    await this.#add(decoder.decode());
  }

  /** Adds a line of ampx's own. */
  async say(line: string): Promise<void> {
    await this.#finishLine();
    await this.#add(`${line}\n`);
  }

  /** Completes the file and returns the last 64 KiB, from the beginning of a line. */
  async finish(): Promise<string> {
    await this.#finishLine();
    if (this.#leftOut > 0) {
      const tail = Buffer.from(this.#tail);
      const kept = tail.subarray(Math.max(0, tail.length - this.#leftOut));
      const gap = this.#leftOut - kept.length;
      if (gap > 0) await this.#file.write(`\n[ampx: ${gap} bytes are left out here]\n`);
      await this.#file.write(kept);
    }
    await this.#file.datasync();
    return endOf(this.#tail);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }

  async #finishLine(): Promise<void> {
    if (this.#unfinished !== "") await this.#add("\n");
  }

  async #add(text: string): Promise<void> {
    const { whole, rest } = splitLines(this.#unfinished + text);
    this.#unfinished = rest;
    if (whole === "") return;
    const lines = whole.split("\n").map((line) => (line === "" ? line : this.#redactLine(line)));
    await this.#write(lines.join("\n"));
  }

  async #write(text: string): Promise<void> {
    this.#tail += text;
    // Not at every chunk: each cut copies it, and a script may print in small pieces.
    // More than is returned in the end, which is then seen to begin in the middle of a line.
    if (this.#tail.length > 8 * tailBytes) this.#tail = this.#tail.slice(-2 * tailBytes);
    const bytes = Buffer.from(text);
    if (this.#leftOut > 0 || this.#written + bytes.length > this.#maxBytes) {
      this.#leftOut += bytes.length;
      return;
    }
    await this.#file.writeFile(bytes);
    this.#written += bytes.length;
  }
}

/** All complete lines, and what follows them. Of a line that is too long the beginning counts as complete. */
function splitLines(text: string): { whole: string; rest: string } {
  const end = text.lastIndexOf("\n") + 1;
  const rest = text.slice(end);
  if (rest.length <= maxLine) return { whole: text.slice(0, end), rest };
  const cut = end + Math.max(rest.search(/[\s,;"'](?=[^\s,;"']*$)/) + 1, 0);
  return cut > end
    ? { whole: text.slice(0, cut), rest: text.slice(cut) }
    : { whole: text, rest: "" };
}

function endOf(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= tailBytes) return text;
  const end = bytes.subarray(bytes.length - tailBytes);
  const line = end.indexOf("\n") + 1;
  // A line that is longer than all of it is cut at a character.
  const cutLine = line === 0 || line === end.length;
  return cutLine ? end.toString().replace(/^\uFFFD+/, "") : end.subarray(line).toString();
}

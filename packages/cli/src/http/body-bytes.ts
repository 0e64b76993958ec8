/** The body of an answer as it arrives: by its length, by chunks, or until the end of the connection. Throws when it is cut off. */
export async function* bodyBytes(
  headers: ReadonlyMap<string, string>,
  rest: Buffer,
  chunks: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
  try {
    if (headers.get("transfer-encoding")?.toLowerCase() === "chunked")
      yield* chunkedBody(new ByteReader(rest, chunks));
    else yield* plainBody(headers.get("content-length"), rest, chunks);
  } finally {
    await chunks.return?.();
  }
}

async function* plainBody(
  length: string | undefined,
  rest: Buffer,
  chunks: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer> {
  let missing = length === undefined ? Number.POSITIVE_INFINITY : Number(length);
  let next: Buffer | undefined = rest;
  while (next !== undefined) {
    missing -= next.length;
    if (next.length > 0) yield next;
    if (missing <= 0) return;
    const read: IteratorResult<Buffer> = await chunks.next();
    next = read.done === true ? undefined : read.value;
  }
  if (length !== undefined) throw new Error("the answer was cut off");
}

async function* chunkedBody(reader: ByteReader): AsyncGenerator<Buffer> {
  for (;;) {
    const size = Number.parseInt(await reader.line(), 16);
    if (Number.isNaN(size)) throw new Error("the answer's chunks are broken");
    if (size === 0) return;
    yield await reader.bytes(size);
    await reader.line();
  }
}

class ByteReader {
  #seen: Buffer;
  readonly #chunks: AsyncIterator<Buffer>;

  constructor(rest: Buffer, chunks: AsyncIterator<Buffer>) {
    this.#seen = rest;
    this.#chunks = chunks;
  }

  async line(): Promise<string> {
    let end: number;
    while ((end = this.#seen.indexOf("\r\n")) < 0) await this.#more();
    const line = this.#seen.toString("latin1", 0, end);
    this.#seen = this.#seen.subarray(end + 2);
    return line;
  }

  async bytes(count: number): Promise<Buffer> {
    while (this.#seen.length < count) await this.#more();
    const bytes = this.#seen.subarray(0, count);
    this.#seen = this.#seen.subarray(count);
    return bytes;
  }

  async #more(): Promise<void> {
    const next = await this.#chunks.next();
    if (next.done === true) throw new Error("the answer was cut off");
    this.#seen = this.#seen.length === 0 ? next.value : Buffer.concat([this.#seen, next.value]);
  }
}

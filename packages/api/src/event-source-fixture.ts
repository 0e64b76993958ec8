import { z } from "zod";
import { token } from "./fixture.ts";

export interface Received {
  id: number;
  data: Record<string, unknown>;
}

/** A client of server-sent events that reads as the WHATWG standard has it. */
export class EventSourceClient implements AsyncDisposable {
  readonly received: Received[] = [];
  comments = 0;
  lastEventId = "";
  ended = false;
  readonly #gone = new AbortController();
  #reading: Promise<void> = Promise.resolve();

  static async open(url: string, headers: Record<string, string> = {}): Promise<EventSourceClient> {
    const client = new EventSourceClient();
    const answer = await fetch(url, {
      headers: { Authorization: `Bearer ${token}`, Accept: "text/event-stream", ...headers },
      signal: client.#gone.signal,
    });
    if (answer.status !== 200 || answer.body === null)
      throw new Error(`${answer.status} ${await answer.text()}`);
    client.#reading = client.#read(answer.body);
    return client;
  }

  get ids(): number[] {
    return this.received.map(({ id }) => id);
  }

  /** Ends the connection, as a client does that dies. */
  async close(): Promise<void> {
    this.#gone.abort();
    await this.#reading;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let rest = "";
    const decoder = new TextDecoder();
    try {
      for await (const chunk of body) {
        const blocks = (rest + decoder.decode(chunk, { stream: true })).split("\n\n");
        rest = blocks.pop() ?? "";
        for (const block of blocks) this.#take(block);
      }
    } catch (error) {
      if (!this.#gone.signal.aborted) throw error;
    } finally {
      this.ended = true;
    }
  }

  #take(block: string): void {
    let data: string | undefined;
    for (const line of block.split("\n")) {
      if (line.startsWith(":")) this.comments++;
      if (line.startsWith("id: ")) this.lastEventId = line.slice(4);
      if (line.startsWith("data: ")) data = line.slice(6);
    }
    if (data !== undefined)
      this.received.push({
        id: Number(this.lastEventId),
        data: anyObject.parse(JSON.parse(data)),
      });
  }
}

const anyObject = z.record(z.string(), z.unknown());

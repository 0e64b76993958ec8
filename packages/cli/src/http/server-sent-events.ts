import { StringDecoder } from "node:string_decoder";

export interface ServerSentEvent {
  /** Empty when the server gave none. */
  id: string;
  /** Empty when the server only told where the stream stands. */
  data: string;
}

/** Reads a body of type `text/event-stream`. Comments (heartbeats) are passed over; an event that is cut off is dropped. */
export async function* serverSentEvents(
  body: AsyncIterable<Buffer>,
): AsyncGenerator<ServerSentEvent> {
  let id = "";
  let data: string[] = [];
  for await (const line of lines(body)) {
    if (line === "") {
      if (data.length > 0 || id !== "") yield { id, data: data.join("\n") };
      id = "";
      data = [];
      continue;
    }
    const [, name = "", value = ""] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (name === "data") data.push(value);
    else if (name === "id") id = value;
  }
}

async function* lines(body: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder("utf8");
  let seen = "";
  for await (const bytes of body) {
    const parts = (seen + decoder.write(bytes)).split(/\r?\n/);
    seen = parts.pop() ?? "";
    yield* parts;
  }
}

import type { ServerResponse } from "node:http";
import type { Fault } from "./faults.ts";

/** Writes an answer whole, or as the fault lets it arrive. Returns the status the asker saw. */
export function send(
  response: ServerResponse,
  {
    status,
    headers,
    body,
  }: { status: number; headers: Record<string, string>; body: string | Buffer },
  fault?: Fault,
): number | undefined {
  if (fault !== undefined) return sendFault(response, fault, body);
  const bytes = Buffer.from(body);
  const length = status === 304 || status === 204 ? {} : { "content-length": String(bytes.length) };
  response.writeHead(status, { ...headers, ...length }).end(bytes);
  return status;
}

function sendFault(
  response: ServerResponse,
  fault: Fault,
  body: string | Buffer,
): number | undefined {
  if ("status" in fault) {
    const { status, message = `Fault ${status}`, headers = {} } = fault;
    const text = JSON.stringify({
      message,
      documentation_url: "https://docs.github.com/rest",
      status: String(status),
    });
    response
      .writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers })
      .end(text);
    return status;
  }
  switch (fault.kind) {
    case "reset":
      response.socket?.resetAndDestroy();
      return undefined;
    case "hang":
      return undefined;
    case "cut": {
      const bytes = Buffer.from(body.length === 0 ? `{"message":` : body);
      const half = bytes.subarray(0, Math.ceil(bytes.length / 2));
      response.writeHead(200, {
        "content-type": "application/json",
        "content-length": String(bytes.length + 10),
      });
      response.write(half, () => response.destroy());
      return undefined;
    }
    case "html":
      response
        .writeHead(200, { "content-type": "text/html" })
        .end("<html><body>Please log in to the network</body></html>");
      return 200;
  }
}

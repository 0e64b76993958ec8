import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, test } from "vitest";
import { asking } from "./asking.ts";

test("it can be run on its own, and leaves nothing when it is interrupted", async () => {
  const main = join(import.meta.dirname, "main.ts");
  const child = spawn(process.execPath, [main, "--port", "0", "--repository", "you/demo"]);
  const ended = once(child, "close");
  let said = "";
  child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
  while (!said.includes("token:")) await once(child.stdout, "data");
  const apiUrl = /API: +(\S+)/.exec(said)![1]!;
  const token = /token: +(\S+)/.exec(said)![1]!;

  const { body } = await asking({ apiUrl }, token)("GET /repos/you/demo/actions/workflows");
  child.kill("SIGINT");
  const [code] = (await ended) as [number];

  expect(body).toMatchObject({ workflows: [{ name: "CI" }] });
  expect(code).toBe(0);
});

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Ended, initShop, type Person, person, until } from "./ampx.ts";

// What agents cost, what they ask for and what their providers refuse, as a person sees and answers it.

let ada: Person;
const use = (usd: number) => ({ use: { input_tokens: 1_000, output_tokens: 100, usd } });
const answer = [{ write: "answer", content: "42\n" }, { say: "It is 42." }];

beforeAll(async () => {
  ada = await person({ AMPX_AGENT: "scripted", AMPX_PERMISSIONS: "ask" });
  const script = join(ada.folder, "script.yaml");
  await writeFile(
    script,
    JSON.stringify({
      turns: [
        [use(0.1), { write: "answer", content: "41\n" }, { say: "41" }],
        [use(0.2), ...answer],
      ],
      cases: [
        {
          when: "Spend",
          // A turn that was ended goes on where it was.
          turns: [[use(0.3), use(0.3), { run: "sleep 8" }, ...answer]],
        },
        {
          when: "Ask",
          turns: [
            [
              use(0),
              { ask: { tool: "Write", input: "127.0.0.1 shop", paths: ["/etc/hosts"] } },
              ...answer,
            ],
          ],
        },
        {
          when: "Refused",
          turns: [
            [{ fail: "rate_limit", message: "usage limit reached", reset_in_seconds: 7_200 }],
          ],
        },
      ],
    }),
  );
  ada.env["AMPX_AGENTS_SCRIPTED_SCRIPT"] = script;
  await initShop(ada);
});
afterAll(() => ada[Symbol.asyncDispose]());

describe("money", { timeout: 90_000 }, () => {
  test("what was used is in the list, on the page, in the sums and in the server's day", async () => {
    const id = await start("Answer", "--max-usd", "5", "--max-tokens", "2m");
    expect(await ada.ampx(["logs", "-f", id])).toMatchObject({ code: 0 });
    expect((await ada.ampx(["ls"])).stdout).toMatch(
      new RegExp(`^ID .* COST .*\n${id} {2}success {2}2/5 {2}\\$0.30 {2}`),
    );
    const page = (await ada.ampx(["show", id])).stdout;
    expect(page).toMatch(/ {2}budget .* agent minutes, \$0\.30 of \$5, 2\.2k of 2M tokens\n/);
    expect(page).toMatch(
      /Attempts\n {2}1 {2}\w{8}, 1 file {2}\$0\.10 {2}.*\n {2}2 {2}\w{8}, 1 file {2}\$0\.20 {2}CI green/,
    );
    const stats = await ada.ampx(["stats", "--since", "1d", "--by", "repo"]);
    expect(stats.stdout).toMatch(
      /^Since .*, by repo\n\nREPO .*\nshop {6}1 {2}\$0\.30 {4}2\.2k {5}2k .*\nall .*\$0\.30 .*\n$/,
    );
    expect(json(await ada.ampx(["stats", "--json"]))).toMatchObject({
      by: "agent",
      groups: [{ key: "scripted", tasks: 1, used: { usd: 0.3, usd_known: true } }],
      total: { usd: 0.3, input_tokens: 2_000, output_tokens: 200 },
    });
    expect((await ada.ampx(["status"])).stdout).toMatch(/^ {2}today {3}\$0\.30, 2\.2k tokens$/m);
  });

  test("a task whose money is spent waits, and goes on with what continue grants", async () => {
    const id = await start("Spend", "--max-usd", "0.5");
    expect(await ada.ampx(["logs", "-f", id])).toMatchObject({ code: 0 });
    const spent = (await ada.ampx(["show", id])).stdout;
    expect(spent).toContain("waits for  you: the money is spent ($0.60 of $0.50)");
    expect(spent).toContain(`Next: ampx continue ${id} --max-usd 2`);
    expect(await ada.ampx(["continue", id, "--max-usd", "2"])).toMatchObject({
      code: 0,
      stdout: `✓ ${id} goes on\n  follow: ampx logs -f ${id}\n`,
    });
    expect(await ada.ampx(["logs", "-f", id])).toMatchObject({ code: 0 });
    expect(json(await ada.ampx(["show", id, "--json"]))).toMatchObject({
      status: "success",
      max_usd: 2,
      used: { usd: 0.6 },
    });
  });

  test("what the agent asks for is shown, and answered once", async () => {
    const id = await start("Ask");
    const page = await until("it asks", async () => {
      const { stdout } = await ada.ampx(["show", id]);
      return stdout.includes("The agent asks") ? stdout : undefined;
    });
    expect(page).toMatch(
      /The agent asks\n {2}1 {2}Write {2}127\.0\.0\.1 shop\n {5}.*\/etc\/hosts.*\n {5}ampx answer \w{6} 1 --allow, or --deny\n/,
    );
    const other = await ada.ampx(["answer", id, "7", "--deny"]);
    expect(other).toMatchObject({ code: 3, stdout: "" });
    expect(other.stderr).toContain(`does not ask for "7", or no more\nThe agent asks\n  1  Write`);
    expect(await ada.ampx(["answer", id, "--deny"])).toEqual({
      code: 0,
      stdout: `✓ denied: Write 127.0.0.1 shop\n  follow: ampx logs -f ${id}\n`,
      stderr: "",
    });
    const { stdout: log } = await ada.ampx(["logs", "-f", id]);
    expect(log).toMatch(/agent {2}denied: /);
    expect(await ada.ampx(["answer", id, "--deny"])).toEqual({
      code: 5,
      stdout: "",
      stderr: `✗ The agent of ${id} asks for nothing\n  try: ampx show ${id}\n`,
    });
  });

  test("an agent whose provider refuses is parked, with the time, wherever one looks", async () => {
    const id = await start("Refused");
    const words = /scripted to work again: usage limit reached \((?:\w+ )?\d\d:\d\d\)/;
    await until("it waits", async () => words.test((await ada.ampx(["ls"])).stdout) || undefined);
    expect((await ada.ampx(["show", id])).stdout).toMatch(/, until (?:\w+ )?\d\d:\d\d\n/);
    expect((await ada.ampx(["status"])).stdout).toMatch(
      /^ {2}parked {2}! scripted until (?:\w+ )?\d\d:\d\d: .*usage limit reached$/m,
    );
    const agents = await ada.ampx(["agents"]);
    expect(agents.stdout).toMatch(/^scripted \(default\) .* ! parked /m);
    expect(agents.stdout).toMatch(/^scripted: parked until /m);
    const told = json(await ada.ampx(["agents", "--json"])) as { agents: { name: string }[] };
    expect(told).toMatchObject({ asked: "worker" });
    expect(told.agents.find(({ name }) => name === "scripted")).toMatchObject({
      default: true,
      parked: { kind: "rate_limit" },
      can: { cost: "live" },
    });
    await ada.ampx(["abort", id]);
  });

  test("a fallback that the worker does not know is refused", async () => {
    const flags = ["--repo", "shop", "--task", "x", "--fallback", "nobody"];
    const unknown = await ada.ampx(["start", ...flags]);
    expect(unknown).toMatchObject({ code: 2, stdout: "" });
    expect(unknown.stderr).toContain('"nobody" is not known to the worker');
  });
});

async function start(text: string, ...flags: string[]): Promise<string> {
  const started = await ada.ampx(["start", "--repo", "shop", "--task", text, "--json", ...flags]);
  return (json(started) as { short_id: string }).short_id;
}

function json({ stdout }: Ended): unknown {
  return JSON.parse(stdout);
}

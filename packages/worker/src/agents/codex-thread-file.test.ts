import { appendFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codexThreadFile } from "./codex-thread-file.ts";

/** Begun on 2026-11-21 at 15:36 of UTC. */
const thread = "01a1fec0-3b4c-7bf3-b3ff-fa08b71e7ec9";

test.each(["2026/11/21", "2026/11/22", "2026/11/20"])(
  "finds the thread in the folder of its day, %s, which is one of Codex's zone",
  async (date) => {
    await using home = await temporaryHome(date);
    await appendFile(home.file, usedLine(1));
    const file = codexThreadFile(home.path, thread);
    await file.look();
    expect(file.used()).toMatchObject({ inputTokens: 1_000, cacheReadTokens: 500, usd: null });
  },
);

test("reads on where it was, also in the middle of a line", async () => {
  await using home = await temporaryHome();
  const file = codexThreadFile(home.path, thread);
  await file.look();
  expect(file.used()).toBeNull();
  const [line, next] = [usedLine(1), usedLine(2)];
  await appendFile(home.file, line + next.slice(0, 100));
  await file.look();
  expect(file.used()?.inputTokens).toBe(1_000);
  await appendFile(home.file, next.slice(100));
  await file.look();
  expect(file.used()?.inputTokens).toBe(2_000);
  await file.look();
  expect(file.used()?.inputTokens).toBe(2_000);
});

test("lines of megabytes, of other forms and of no form tell nothing", async () => {
  await using home = await temporaryHome();
  const file = codexThreadFile(home.path, thread);
  await appendFile(home.file, usedLine(3));
  await file.look();
  const lines = [
    JSON.stringify({ payload: { type: "message", text: `"token_${"é".repeat(3_000_000)}` } }),
    '{"type":"token_usage_record","payload":{"thread_token_usage":[]}}',
    '{"type":"event_msg","payload":{"type":"token_count","info":null,"rate_limits":null}}',
    '{"token_',
    "\u0000\u0001",
  ];
  await appendFile(home.file, `${lines.join("\n")}\n`);
  await file.look();
  expect(file.used()?.inputTokens).toBe(3_000);
  await appendFile(home.file, usedLine(4));
  await file.look();
  expect(file.used()?.inputTokens).toBe(4_000);
});

test("of a limit that is used up, the end is told", async () => {
  await using home = await temporaryHome();
  const file = codexThreadFile(home.path, thread);
  const limits = (primary: number, secondary: number) => ({
    limit_id: "codex",
    primary: { used_percent: primary, window_minutes: 300, resets_at: 1_795_283_837 },
    secondary: { used_percent: secondary, window_minutes: 10_080, resets_at: 1_795_483_837 },
  });
  const told = async (rate_limits: object) => {
    const payload = { type: "token_count", info: null, rate_limits };
    await appendFile(home.file, `${JSON.stringify({ type: "event_msg", payload })}\n`);
    await file.look();
    return file.resetAt();
  };
  expect(await told(limits(99, 10))).toBeNull();
  expect(await told(limits(100, 10))).toBe(1_795_283_837_000);
  expect(await told(limits(100, 100))).toBe(1_795_483_837_000);
  expect(await told({ primary: null, secondary: null })).toBeNull();
});

test.each(["nonsense", "ffffffff-ffff-7fff-8fff-ffffffffffff", thread])(
  "a thread %s without a file tells nothing, and is no fault",
  async (name) => {
    const file = codexThreadFile("/nowhere", name);
    await file.look();
    expect(file.used()).toBeNull();
  },
);

function usedLine(calls: number): string {
  const used = {
    input_tokens: 1_500 * calls,
    cached_input_tokens: 500 * calls,
    cache_write_input_tokens: 0,
    output_tokens: 42 * calls,
    total_tokens: 1_542 * calls,
  };
  const payload = { thread_id: thread, usage: {}, thread_token_usage: used };
  return `${JSON.stringify({ type: "token_usage_record", payload })}\n`;
}

async function temporaryHome(date = "2026/11/21") {
  const path = await mkdtemp(join(tmpdir(), "codex-"));
  const folder = join(path, "sessions", date);
  await mkdir(folder, { recursive: true });
  const file = join(folder, `rollout-2026-11-21T15-36-13-${thread}.jsonl`);
  await writeFile(file, '{"type":"session_meta","payload":{"id":"x"}}\n');
  return { path, file, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Agent, AgentEvent } from "../ports.ts";
import { secret, setStage, type Stage, texts } from "./agent-stage.ts";
import type { Step } from "./scripted-script.ts";

export interface AgentUnderTest {
  make(steps: Step[], stage: Stage): Promise<Agent>;
  resumes: boolean;
}

/** What every agent promises; each adapter runs these. */
export function describeAgent(name: string, { make, resumes }: AgentUnderTest): void {
  describe(`${name} keeps an agent's promises:`, () => {
    test("a turn that ends well is completed, with the agent's last words", async () => {
      await using stage = await setStage();
      const agent = await make(
        [
          { say: "I begin." },
          { write: "a/b.txt", content: "x\n", executable: false },
          { say: "I am done." },
        ],
        stage,
      );
      const { outcome, events } = await stage.run(agent);
      expect(outcome).toMatchObject({
        is: "completed",
        said: expect.stringMatching(/I am done\.$/),
      });
      expect(texts(events)).toEqual(expect.arrayContaining(["I begin.", "I am done."]));
      expect(await readFile(join(stage.cwd, "a/b.txt"), "utf8")).toBe("x\n");
    });

    (resumes ? testSessions : testNoSessions)(make);

    test("an abort ends it as cancelled, and its tools in sessions of their own with it", async () => {
      await using stage = await setStage();
      const agent = await make(
        [
          { run: "setsid sleep 30 & sh -c 'trap \"\" INT TERM; sleep 31' & echo started" },
          { hang: true, deaf: false },
        ],
        stage,
      );
      const abort = new AbortController();
      const onEvent = (event: AgentEvent) => {
        if ("text" in event && event.text === "started") abort.abort();
      };
      const { outcome } = await stage.run(agent, { signal: abort.signal, onEvent });
      expect(outcome).toEqual({ is: "cancelled" });
    });

    test("an abort before the beginning starts nothing", async () => {
      await using stage = await setStage();
      const agent = await make([{ write: "started.txt", content: "", executable: false }], stage);
      const { outcome } = await stage.run(agent, { signal: AbortSignal.abort() });
      expect(outcome).toEqual({ is: "cancelled" });
      await expect(readFile(join(stage.cwd, "started.txt"))).rejects.toThrow("ENOENT");
    });

    test("silence is a stall", async () => {
      await using stage = await setStage();
      const agent = await make([{ say: "Let me think." }, { hang: true, deaf: false }], stage);
      const { outcome } = await stage.run(agent, { stallMs: 3_000 });
      expect(outcome).toEqual({
        is: "stalled",
        said: "Let me think.",
        silentFor: expect.any(Number),
      });
    });

    test("a turn that goes on and on is timed out", async () => {
      await using stage = await setStage();
      const agent = await make(
        [{ say: "Soon." }, { run: "while :; do echo tick; sleep 0.1; done" }],
        stage,
      );
      const { outcome } = await stage.run(agent, { wallMs: 4_000 });
      expect(outcome).toMatchObject({ is: "timed_out", said: expect.stringContaining("Soon.") });
    });

    test("what is left running at the end of a turn is ended, and does not hold it up", async () => {
      await using stage = await setStage();
      const agent = await make([{ run: "setsid sleep 30 & sleep 31 &" }, { say: "done" }], stage);
      const { outcome } = await stage.run(agent);
      expect(outcome.is).toBe("completed");
    });

    test("an end without a last word is a failure that is not the agent's work", async () => {
      await using stage = await setStage();
      const agent = await make([{ say: "Now I crash." }, { exit: 3 }], stage);
      const { outcome } = await stage.run(agent);
      expect(outcome).toMatchObject({
        is: "failed",
        kind: "protocol",
        message: expect.stringContaining("exited with 3"),
      });
    });

    test("stray output is kept, without terminal sequences", async () => {
      await using stage = await setStage();
      const agent = await make(
        [{ raw: '\u001b[31m{"not": json\u001b[0m' }, { run: "echo oops >&2" }, { say: "done" }],
        stage,
      );
      const { events } = await stage.run(agent);
      expect(texts(events)).toContain('{"not": json');
      expect(events).toContainEqual({ type: "diagnostic", text: "oops" });
    });

    test("secrets are in no event, no outcome and not in the raw file", async () => {
      await using stage = await setStage();
      const agent = await make(
        [
          { run: `echo ${secret} >&2` },
          { raw: `token=${secret}` },
          { say: `The key is ${secret}.` },
        ],
        stage,
      );
      const played = await stage.run(agent);
      expect(JSON.stringify(played)).not.toContain(secret);
      const raw = await readFile(stage.rawFile, "utf8");
      expect(raw).not.toContain(secret);
      expect(raw).toContain("The key is [redacted].");
    });

    test("a raw file that cannot be written is told of, and costs nothing else", async () => {
      await using stage = await setStage();
      const agent = await make([{ say: "done" }], stage);
      const { outcome, events } = await stage.run(agent, { rawFile: "/dev/full" });
      expect(outcome.is).toBe("completed");
      const complaints = texts(events).filter((text) => text.includes("ENOSPC"));
      expect(complaints.length).toBeGreaterThan(0);
      // Once per process, of which an agent may need two.
      expect(complaints.length).toBeLessThanOrEqual(2);
    });

    test("it gets the environment that it needs and no more", async () => {
      await using stage = await setStage();
      const agent = await make([{ run: "env > environment.txt" }, { say: "done" }], stage);
      await stage.run(agent);
      const lines = (await readFile(join(stage.cwd, "environment.txt"), "utf8")).split("\n");
      expect(lines).toEqual(
        expect.arrayContaining([
          `AMPX_MARK=${stage.mark}`,
          `TMPDIR=${join(stage.folder, "tmp")}`,
          "TERM=dumb",
          "WANTED=1",
          "LC_ALL=C",
        ]),
      );
      expect(lines.filter((line) => /GITHUB_TOKEN|SSH_AUTH_SOCK|UNWANTED/.test(line))).toEqual([]);
    });

    test("100,000 lines come through without a loss, and memory stays bounded", async () => {
      await using stage = await setStage();
      const agent = await make([{ print: 100_000, width: 100 }, { say: "done" }], stage);
      const before = process.memoryUsage.rss();
      let lines = 0;
      let last = "";
      let most = 0;
      const onEvent = (event: AgentEvent) => {
        if (!("text" in event) || !event.text.startsWith("line ")) return;
        last = event.text;
        if (++lines % 1_000 === 0) most = Math.max(most, process.memoryUsage.rss());
      };
      const { outcome } = await stage.run(agent, { onEvent });
      expect(outcome).toMatchObject({ is: "completed" });
      expect(lines).toBe(100_000);
      expect(last).toMatch(/^line 100000 \.+$/);
      expect((await readFile(stage.rawFile, "latin1")).match(/^line \d+ /gm)?.length).toBe(100_000);
      // Mostly garbage between two collections: a protocol of JSON leaves more of it than plain lines.
      expect((most - before) / 1024 ** 2).toBeLessThan(250);
    });
  });
}

function testSessions(make: AgentUnderTest["make"]): void {
  test("a session is told first of all, once, and can be taken up", async () => {
    await using stage = await setStage();
    const agent = await make([{ say: "yes" }], stage);
    expect(agent.can.resume).toBe(true);
    const first = await stage.run(agent);
    expect(first.events[0]).toEqual({ type: "session", id: expect.any(String) });
    const [session] = sessionsIn(first.events);
    const second = await stage.run(agent, { session: session ?? null });
    expect(second.outcome.is).toBe("completed");
    expect([first, second].map(({ events }) => sessionsIn(events))).toEqual([[session], [session]]);
  });
}

function testNoSessions(make: AgentUnderTest["make"]): void {
  test("there is no session to take up", async () => {
    await using stage = await setStage();
    const agent = await make([{ say: "yes" }], stage);
    expect(agent.can.resume).toBe(false);
    expect(sessionsIn((await stage.run(agent)).events)).toEqual([]);
  });
}

function sessionsIn(events: AgentEvent[]): string[] {
  return events.flatMap((event) => (event.type === "session" ? [event.id] : []));
}

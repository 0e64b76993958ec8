import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { excerptOfJobs } from "./excerpt-of-jobs.ts";
import { excerptor } from "./excerptor.ts";
import { Failure } from "./failure.ts";
import { logReader, type LogReading } from "./read-log.ts";

function read(log: string | Uint8Array): LogReading {
  const reader = logReader();
  reader.push(log);
  return reader.end();
}

const excerptOf = (log: string | Uint8Array, maxChars = 4_000): string =>
  read(log).excerpt(maxChars);
const numbered = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at} of an ordinary log`);
const step = (command: string, ...output: string[]): string[] => [
  `##[group]Run ${command}`,
  command,
  "shell: /usr/bin/bash -e {0}",
  "##[endgroup]",
  ...output,
];
const exit = "##[error]Process completed with exit code 1.";

describe("an excerpt", () => {
  test("gives a short log whole", () => {
    expect(excerptOf("one\ntwo\n\nthree\n")).toBe("one\ntwo\nthree");
    expect(excerptOf("no line break at the end")).toBe("no line break at the end");
  });

  test.each(["", "\n\n", " \r\n\u001b[0m\n"])("says so when nothing was printed: %j", (log) => {
    expect(excerptOf(log)).toBe("The log is empty: nothing was printed.");
    expect(read(log).failures).toEqual([]);
  });

  test("is of the step that failed, with its name, its command and its end", () => {
    const log = [
      "Complete job name: build",
      ...step("npm ci", ...numbered(1, 500), "error: a warning of old", "1 failed"),
      ...step("npm test", ...numbered(501, 900), "the door is shut", exit),
      ...step("upload", "Error: nothing to upload"),
      "Post job cleanup.",
      ...numbered(901, 950),
    ].join("\n");
    const excerpt = excerptOf(log, 1_000);
    for (const kept of [
      "Complete job name: build",
      "##[group]Run npm test",
      "the door is shut",
      exit,
    ])
      expect(excerpt).toContain(kept);
    for (const out of ["a warning of old", "line 5 ", "line 950", "nothing to upload"])
      expect(excerpt).not.toContain(out);
    expect(excerpt).toMatch(/\n… 506 lines …\n/);
    expect(read(log).failures).toEqual([
      { tool: "log", kind: "command", message: "the door is shut" },
    ]);
  });

  test("shows what failed in earlier steps when the failed one only sums them up", () => {
    const log = [
      ...step("make docs", ...numbered(1, 800), "error: page gone.md is missing"),
      ...step("exit $(cat status)", exit),
    ].join("\n");
    expect(excerptOf(log, 1_500)).toContain("error: page gone.md is missing");
  });

  test("folds lines that repeat, and says how often", () => {
    const log = [
      ...numbered(1, 900),
      ...Array.from({ length: 37 }, () => "error: no route"),
      "end",
    ];
    expect(excerptOf(log.join("\n"), 500)).toContain("error: no route … ×37");
  });

  test("cuts a long line behind what matters, never within", () => {
    const log = `${"x".repeat(700)}\nsrc/a.ts(3,7): error TS2322: no such thing.${" and so on".repeat(150)}\n${exit}`;
    const excerpt = excerptOf(log, 600);
    expect(excerpt).toContain("src/a.ts(3,7): error TS2322");
    expect(excerpt.length).toBeLessThanOrEqual(600);
  });

  test("names every failing test before it goes into depth", () => {
    const tests = Array.from({ length: 30 }, (_, n) => [
      `  ● cart › case ${n} of the basket`,
      "",
      `    expect(received).toBe(expected) // Object.is equality`,
      "",
      `    Expected: ${n}`,
      `    Received: ${n + 1}`,
      ...Array.from(
        { length: 40 },
        (__, at) => `      at deep ${n}.${at} (node_modules/x/y.js:${at + 1}:1)`,
      ),
    ]);
    const log = [
      "FAIL src/cart.test.ts",
      ...tests.flat(),
      "Tests:       30 failed, 30 total",
      exit,
    ];
    const excerpt = excerptOf(log.join("\n"), 3_000);
    for (let n = 0; n < 30; n++) expect(excerpt).toContain(`case ${n} of the basket`);
    expect(excerpt).toContain("Tests:       30 failed, 30 total");
    expect(read(log.join("\n")).failures).toHaveLength(30);
  });

  test("is the same however the log is cut, never empty, never too long, whatever is asked", () => {
    const piece = fc.constantFrom(
      "Error: x",
      "E   assert 1 == 2",
      "FAILED a.py::b - c",
      "ok",
      "0 errors",
      "\r",
      "\n",
      "\r\n",
      "\u001b[31m",
      "😀",
      " ",
      "##[error]no",
      "##[group]Run x\n",
      "Post job cleanup.\n",
      "z".repeat(500),
      "```\n",
      "</log>\n",
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 300 }),
        fc.integer({ min: 1, max: 2_000 }),
        fc.integer({ min: 1, max: 40 }),
        (pieces, maxChars, size) => {
          const log = pieces.join("");
          const parts = excerptor({ maxChars });
          for (let at = 0; at < log.length; at += size) parts.push(log.slice(at, at + size));
          const excerpt = parts.end();
          expect(excerpt).toBe(excerptOf(log, maxChars));
          expect(excerpt.length).toBeGreaterThan(0);
          expect(excerpt.length).toBeLessThanOrEqual(maxChars);
          expect(excerpt.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});

describe("bad input", () => {
  test("of bytes that are no text gives something, and no control characters", () => {
    const bytes = Uint8Array.from({ length: 200_000 }, (_, at) => (at * 7919 + (at >> 3)) % 256);
    const reading = read(bytes);
    expect(reading.excerpt(4_000)).toMatch(/\S/);
    // oxlint-disable-next-line no-control-regex -- what must not be there
    expect(reading.excerpt(4_000)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
    for (const failure of reading.failures) Failure.parse(failure);
  });

  test(
    "of one line of 100 MB is read in little memory, and what matters in it is found",
    { timeout: 60_000 },
    () => {
      const reader = logReader();
      const chunk = "lorem ipsum dolor ".repeat(4_000);
      const before = process.memoryUsage().heapUsed;
      let most = 0;
      for (let chars = 0; chars < 100_000_000; chars += chunk.length) {
        if (chars < chunk.length) reader.push("x".repeat(5_000));
        reader.push(chunk);
        most = Math.max(most, process.memoryUsage().heapUsed - before);
      }
      reader.push("\nerror: the disk is full\n");
      expect(most).toBeLessThan(100_000_000);
      expect(reader.end().excerpt(4_000)).toContain("error: the disk is full");
    },
  );

  test("of a log in UTF-16, or cut within a character, is read like any other", () => {
    const log = "FAILED tests/a.py::test_ü - assert 1 == 2\n";
    const { failures } = read(log);
    expect(failures).toHaveLength(1);
    expect(read(Buffer.from(`\uFEFF${log}`, "utf16le")).failures).toEqual(failures);
    expect(read(Buffer.from(log).subarray(0, 27)).excerpt(100)).toContain(
      "FAILED tests/a.py::test_",
    );
  });

  test("that moves the cursor or hides text shows it", () => {
    const log = "error: real\u001b[1A\u001b[2K\rall is well\n\u001b[8mfatal: hidden\u001b[0m\n";
    expect(excerptOf(log)).toBe("error: real\nall is well\nfatal: hidden");
  });

  test(
    "with millions of failures keeps 200 of them, and little memory",
    { timeout: 60_000 },
    () => {
      const reader = logReader();
      const before = process.memoryUsage().heapUsed;
      for (let n = 0; n < 200_000; n++)
        reader.push(`FAILED tests/test_${n}.py::test_x - assert ${n}\n`);
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
      const reading = reader.end();
      expect(reading.failures).toHaveLength(200);
      expect(reading.excerpt(4_000).length).toBeLessThanOrEqual(4_000);
    },
  );

  test("gives failures that fit their schema, whatever is printed", () => {
    const word = fc.constantFrom(
      "FAILED",
      "error:",
      "a.py:3:",
      "::",
      " - ",
      "at ",
      "(",
      ")",
      "x",
      "\n",
      "##[error]",
      "test",
      "✖",
      "---",
      "FAIL",
      "0",
      ":1:2",
      "E   ",
      "Error",
      "😀",
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 200 }), (words) => {
        for (const failure of read(words.join(" ")).failures) Failure.parse(failure);
      }),
    );
  });
});

describe("the excerpt of several jobs", () => {
  const small = read("error: one thing\n");
  const big = read(
    Array.from({ length: 400 }, (_, n) => `src/f${n}.ts(1,1): error TS2322: number ${n}`).join(
      "\n",
    ),
  );

  test("gives each its heading, and the room that one leaves to the other", () => {
    const text = excerptOfJobs(
      [
        { name: "lint", reading: small },
        { name: "types", reading: big },
      ],
      4_000,
    );
    expect(text).toMatch(/^== lint ==\nerror: one thing\n== types ==\n/);
    expect(text.length).toBeGreaterThan(3_500);
    expect(text.length).toBeLessThanOrEqual(4_000);
  });

  test("of one job is its excerpt", () => {
    expect(excerptOfJobs([{ name: "lint", reading: small }], 4_000)).toBe("error: one thing");
  });

  test("counts the jobs for which there is no room, and is never too long", () => {
    const jobs = Array.from({ length: 60 }, (_, n) => ({
      name: `job ${n}\nof many`,
      reading: big,
    }));
    for (const maxChars of [1, 40, 300, 1_000, 4_000]) {
      const text = excerptOfJobs(jobs, maxChars);
      expect(text.length).toBeLessThanOrEqual(maxChars);
      expect(text.length).toBeGreaterThan(0);
    }
    expect(excerptOfJobs(jobs, 4_000)).toMatch(/… and 44 more failed jobs$/);
  });
});

test("a secret is taken out of a line before the line is cut", () => {
  const secret = "hunter2-hunter2-hunter2";
  const reader = logReader({ redact: (text) => text.replaceAll(secret, "[redacted]") });
  for (let n = 0; n < 200; n++)
    reader.push(`Error: ${"x".repeat(20 + n)} ${secret} ${"y".repeat(600)}\n`);
  reader.push(`FAIL: ${secret}\nProcess exited with code 1\n`);
  const { excerpt, failures: found } = reader.end();
  for (const maxChars of [120, 400, 4_000]) expect(excerpt(maxChars)).not.toContain("hunter2");
  expect(JSON.stringify(found)).not.toContain("hunter2");
});

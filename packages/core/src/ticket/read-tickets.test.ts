import { describe, expect, test } from "vitest";
import { backlogProblems } from "./backlog.ts";
import type { TicketProblem } from "./placed-ticket.ts";
import { maxTicketBytes, readTickets } from "./read-tickets.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string | Uint8Array) =>
  readTickets("backlog/a.yaml", typeof text === "string" ? bytes(text) : text);
const told = (problems: TicketProblem[]) =>
  problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

describe("a file of tickets", () => {
  test("holds a ticket a document, with what is left out at its default", () => {
    const { tickets, problems } = read(
      "# yaml-language-server: $schema=x\nid: A-1\ntitle: Do it\nlocks: [auth, read:db]\n---\nid: B\ntitle: Then this\npriority: 1\ndependencies: [A-1]\n...\n---\n# nothing\n",
    );
    expect(problems).toEqual([]);
    expect(tickets.map(({ ticket, line }) => [line, ticket])).toEqual([
      [
        2,
        expect.objectContaining({ id: "A-1", priority: 5, locks: ["auth", "read:db"], tags: [] }),
      ],
      [6, expect.objectContaining({ id: "B", priority: 1, dependencies: ["A-1"] })],
    ]);
  });

  test("is read with a byte order mark and with the line ends of Windows", () => {
    const { tickets, problems } = read(
      "\uFEFFid: A\r\ntitle: Do it\r\ndescription: |\r\n  one\r\n  two\r\n",
    );
    expect(problems).toEqual([]);
    expect(tickets[0]?.ticket.description).toBe("one\ntwo");
  });

  const wrong: [string, string | Uint8Array, string[]][] = [
    ["missing keys", "title: x\n", ["1:1 id is missing"]],
    [
      "unknown keys",
      "id: A\ntitle: x\nprioritty: 1\nbudget: { usdd: 1 }\n",
      [
        "3:1 unknown key prioritty; did you mean priority?",
        "4:11 unknown key budget.usdd; did you mean usd?",
      ],
    ],
    ["a key twice", "id: A\nid: B\ntitle: x\n", ["2:1 Map keys must be unique"]],
    [
      "a wrong value",
      "id: A\ntitle: x\npriority: high\n",
      ["3:11 priority must be a whole number from 1 to 9"],
    ],
    [
      "a wrong element",
      "id: A\ntitle: x\nlocks:\n  - ok\n  - ../etc\n",
      [expect.stringMatching(/^5:5 locks\[1\] must be letters/)] as never,
    ],
    [
      "a path as an id",
      "id: ../../etc/passwd\ntitle: x\n",
      [expect.stringMatching(/^1:5 id must be 1 to 64/)] as never,
    ],
    ["tabs", "id: A\ntitle: x\nlocks:\n\t- a\n", [expect.stringMatching(/^4:1 /)] as never],
    ["a list in the place of a map", "- id: A\n", ['1:1 expected lines of the form "key: value"']],
    ["nothing", "# only words\n", ["1:1 holds no ticket"]],
    [
      "tricks in the name of a lock",
      "id: A\ntitle: x\nlocks: [a/../b, /etc/passwd, read:../x, 'read:read:x', 'a b', '', 'read:']\n",
      ["9", "17", "30", "41", "56", "63", "67"].map((column, at) =>
        expect.stringMatching(new RegExp(`^3:${column} locks\\[${at}\\] must be letters`)),
      ) as never,
    ],
    [
      "what YAML would merge into it",
      "id: A\ntitle: x\n<<: { priority: 1 }\n",
      ["3:1 unknown key <<"],
    ],
    [
      "a tag of another language",
      "id: !!js/function 'x'\ntitle: x\n",
      [expect.stringMatching(/^1:5 .*js\/function/)] as never,
    ],
    ["a key that is no name", "id: A\ntitle: x\n? [a, b]\n: 1\n", ["1:1 unknown key [ a, b ]"]],
    [
      "a key of the language",
      "id: A\ntitle: x\n__proto__: { priority: 1 }\n",
      ["3:1 unknown key __proto__"],
    ],
    [
      "an end that is missing",
      "id: A\ntitle: 'x\n",
      [expect.stringMatching(/^\d:\d+ .*quote/)] as never,
    ],
    [
      "bytes that are no text",
      Uint8Array.of(105, 100, 58, 32, 0xff, 10),
      ["1:5 is not UTF-8 text"],
    ],
    [
      "too much",
      new Uint8Array(maxTicketBytes + 1).fill(32),
      [expect.stringContaining("a file of tickets may not")] as never,
    ],
  ];
  test.each(wrong)("with %s says where it is wrong, and what was expected", (_, text, expected) => {
    const { tickets, problems } = read(text);
    expect(tickets).toEqual([]);
    expect(told(problems)).toEqual(expected);
  });

  test("with a bomb of aliases is refused before anything grows", () => {
    const lines = ["a: &a [x, x, x, x, x, x, x, x, x]"];
    for (let at = 1; at < 12; at++)
      lines.push(
        `b${at}: &b${at} [${Array.from({ length: 9 }, () => (at === 1 ? "*a" : `*b${at - 1}`)).join(", ")}]`,
      );
    const { tickets, problems } = read(`${lines.join("\n")}\n`);
    expect(tickets).toEqual([]);
    expect(problems[0]?.message).toContain("an alias");
  });

  const keys = (count: number) => Array.from({ length: count }, (_, at) => `k${at}:\n`).join("");
  const bombs: [string, string, string[]][] = [
    ["brackets in brackets", "[".repeat(9_000), ["1:1 is nested too deeply"]],
    ["lists in lists", "- ".repeat(4_000), ["1:1 is nested too deeply"]],
    [
      "maps in maps",
      Array.from({ length: 1_200 }, (_, at) => `${" ".repeat(at)}a:\n`).join(""),
      ["1:1 is nested too deeply"],
    ],
    [
      "a hundred thousand keys",
      `id: A\ntitle: x\n---\n${keys(100_000)}`,
      [
        expect.stringMatching(
          /^\d{4}:\d from here on it is too much: a ticket may have 10000 words and signs, a file 400000/,
        ) as never,
      ],
    ],
    [
      "documents without end",
      "---\n".repeat(260_000),
      [expect.stringMatching(/^\d{6}:\d from here on it is too much: /) as never],
    ],
    [
      "a list without end",
      `id: A\ntitle: x\nlocks: [${"a,".repeat(500_000)}]`,
      [
        expect.stringMatching(
          /^3:\d{4} from here on it is too much: a ticket may have 10000 words and signs, a file 400000/,
        ) as never,
      ],
    ],
  ];
  test.each(bombs)("with %s is refused before it takes long", (_, text, expected) => {
    const { tickets, problems } = read(text);
    expect(tickets).toEqual([]);
    expect(told(problems)).toEqual(expected);
  });

  test("with more mistakes than anybody reads names the first hundred", () => {
    const { problems } = read("id: /\n---\n".repeat(1_000));
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toMatchObject({
      line: 99,
      message: "here it is given up: mend what is above first",
    });
  });

  test("gives its good tickets beside the bad ones", () => {
    const { tickets, problems } = read("id: A\ntitle: x\n---\nid: B\n");
    expect(tickets.map(({ ticket }) => ticket.id)).toEqual(["A"]);
    expect(told(problems)).toEqual(["4:1 title is missing"]);
  });
});

describe("a backlog", () => {
  const check = (text: string, known: string[] = []) => {
    const { tickets, problems } = read(text);
    expect(problems).toEqual([]);
    return told(backlogProblems(tickets, (id) => known.includes(id)).map(({ problem }) => problem));
  };
  const ticket = (id: string, ...dependencies: string[]) =>
    `id: ${id}\ntitle: x\ndependencies: [${dependencies.join(", ")}]\n`;

  test("names ids that are taken, dependencies on nothing, and on itself", () => {
    expect(
      check([ticket("A", "B", "C"), ticket("A"), ticket("D", "D")].join("---\n"), ["C"]),
    ).toEqual([
      "5:1 the id A is taken by backlog/a.yaml:1",
      "3:16 there is no ticket B",
      "11:16 D depends on itself",
    ]);
  });

  test("has ids and dependencies of each repository apart", () => {
    const of = (repo: string, text: string) => `repo: ${repo}\n${text}`;
    expect(
      check(
        [
          ticket("A", "B"),
          of("acme/shop", ticket("A", "B")),
          of("acme/shop", ticket("B", "A")),
          of("acme/site", ticket("C", "A")),
          ticket("B"),
        ].join("---\n"),
      ),
    ).toEqual([
      "18:16 there is no ticket A of acme/site",
      "8:16 dependencies in a circle: A → B → A",
    ]);
    const { tickets } = read([of("x/y", ticket("A", "B")), ticket("A", "B")].join("---\n"));
    expect(
      told(
        backlogProblems(tickets, (id, repo) => repo === "x/y" && id === "B").map(
          ({ problem }) => problem,
        ),
      ),
    ).toEqual(["8:16 there is no ticket B"]);
  });

  test("names each circle once, with the way round", () => {
    expect(
      check(
        [
          ticket("A", "B"),
          ticket("B", "C"),
          ticket("C", "A"),
          ticket("E", "A"),
          ticket("X", "Y"),
          ticket("Y", "X"),
        ].join("---\n"),
      ),
    ).toEqual([
      "3:16 dependencies in a circle: A → B → C → A",
      "19:16 dependencies in a circle: X → Y → X",
    ]);
  });

  test("of ten thousand in a row is checked without recursion", () => {
    const text = Array.from({ length: 10_000 }, (_, at) =>
      ticket(`T${at}`, ...(at === 9_999 ? [] : [`T${at + 1}`])),
    ).join("---\n");
    expect(check(text)).toEqual([]);
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLineRedactor, createRedactor, findSecret, redactPieces } from "./redact.ts";

// Put together here, so that no scanner takes the fixtures for real ones.
const drawn = "aK8d92LmQ0zXv7Bn4Tt1Rw6YpE3cUj5HsG8f2Dq9".repeat(20);
const hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b".repeat(2);
const base32 = "Q7ZK2MNB4XWPA5TC";
const jwt = `eyJ${drawn.slice(0, 30)}.eyJ${drawn.slice(0, 90)}.${drawn.slice(0, 43)}`;
const pem = `${"-".repeat(5)}BEGIN RSA PRIVATE KEY${"-".repeat(5)}`;
const pemEnd = `${"-".repeat(5)}END RSA PRIVATE KEY${"-".repeat(5)}`;
const pemBody = `${drawn.slice(0, 64)}\n${drawn.slice(3, 67)}\n${drawn.slice(0, 11)}=`;

const secrets: [form: string, kind: string, secret: string][] = [
  ["a classic GitHub token", "github-token", `ghp_${drawn.slice(0, 36)}`],
  ["a GitHub OAuth token", "github-token", `gho_${drawn.slice(0, 36)}`],
  ["a GitHub user token", "github-token", `ghu_${drawn.slice(0, 36)}`],
  ["a GitHub installation token", "github-token", `ghs_${drawn.slice(0, 36)}`],
  ["a GitHub installation token that holds a JWT", "github-token", `ghs_123456_${jwt}`],
  ["a GitHub refresh token", "github-token", `ghr_${drawn.slice(0, 76)}`],
  [
    "a fine-grained GitHub token",
    "github-token",
    `github_pat_${drawn.slice(0, 22)}_${drawn.slice(0, 59)}`,
  ],
  ["a Sourcegraph token", "sourcegraph-token", `sgp_${hex.slice(0, 40)}`],
  [
    "a Sourcegraph token with its instance",
    "sourcegraph-token",
    `sgp_${hex.slice(0, 16)}_${hex.slice(0, 40)}`,
  ],
  ["an Amp token", "sourcegraph-token", `sgamp_user_${drawn.slice(0, 26)}_${hex.slice(0, 64)}`],
  ["an Anthropic key", "anthropic-key", `sk-ant-api03-${drawn.slice(0, 93)}-AA`],
  ["an old OpenAI key", "openai-key", `sk-${drawn.slice(0, 48)}`],
  ["an OpenAI key of a project", "openai-key", `sk-proj-${drawn.slice(0, 120)}`],
  ["an AWS key", "aws-key", `AKIA${base32}`],
  ["a temporary AWS key", "aws-key", `ASIA${base32}`],
  ["a Slack token", "slack-token", `xoxb-123456789012-1234567890123-${drawn.slice(0, 24)}`],
  ["an npm token", "npm-token", `npm_${drawn.slice(0, 36)}`],
  ["a GitLab token", "gitlab-token", `glpat-${drawn.slice(0, 20)}`],
  ["a Google key", "google-key", `AIza${drawn.slice(0, 35)}`],
  ["a JWT", "jwt", jwt],
  ["a private key", "private-key", `${pem}\n${pemBody}\n${pemEnd}`],
  [
    "a private key in JSON",
    "private-key",
    JSON.stringify(`${pem}\n${pemBody}\n${pemEnd}\n`).slice(1, -3),
  ],
  [
    "an encrypted private key",
    "private-key",
    `${pem}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\n${pemBody}\n${pemEnd}`,
  ],
];

const surroundings: [where: string, before: string, after: string][] = [
  ["alone", "", ""],
  ["in a sentence", "I used ", ", it failed."],
  ["in JSON", '{"text":"', '"}'],
  ["after an escaped line break", '{"text":"first line\\n', '\\nthird line"}'],
  ["in colour", "\u001b[1;31m", "\u001b[0m"],
  ["in a command", "curl -H 'X-Key: ", "' https://example.com"],
];

const inContext: [text: string, redacted: string][] = [
  ["https://me:hunter22@example.com/x.git", "https://me:[redacted:url-password]@example.com/x.git"],
  [
    "https://x-access-token:abcdef123456@github.com/o/r",
    "https://x-access-token:[redacted:url-password]@github.com/o/r",
  ],
  ["x-access-token: abcdef123456", "x-access-token: [redacted:github-token]"],
  ["Authorization: Bearer abcdefgh", "Authorization: Bearer [redacted:authorization]"],
  ['{"authorization":"token abcdefgh"}', '{"authorization":"token [redacted:authorization]"}'],
  ["AUTHORIZATION: basic eDphYmNkZWZn", "AUTHORIZATION: basic [redacted:authorization]"],
  [`curl: Bearer ${drawn.slice(0, 32)}`, "curl: Bearer [redacted:authorization]"],
  [
    `aws_secret_access_key = ${drawn.slice(0, 38)}/+`,
    "aws_secret_access_key = [redacted:aws-secret]",
  ],
  [`password=${drawn.slice(0, 24)}`, "password=[redacted:assignment]"],
  [`export MY_API_KEY="${drawn.slice(0, 24)}"`, 'export MY_API_KEY="[redacted:assignment]"'],
  [`clientSecret: '${drawn.slice(0, 24)}',`, "clientSecret: '[redacted:assignment]',"],
  [
    `{\\"access_token\\":\\"${hex.slice(0, 32)}\\"}`,
    '{\\"access_token\\":\\"[redacted:assignment]\\"}',
  ],
  [`token=secret=${drawn.slice(0, 24)}`, "token=secret=[redacted:assignment]"],
  [`token=https://a:${drawn.slice(0, 24)}@b`, "token=https://a:[redacted:url-password]@b"],
];

const harmless = [
  "token: string",
  "const token = await readToken(home);",
  "function check(token: CancellationToken, secret: Uint8Array)",
  "password: process.env.DATABASE_PASSWORD_2",
  "password: ${{ secrets.NPM_TOKEN }}",
  "Authorization: Bearer ${token}",
  "Authorization: Bearer <token>",
  "secret_name=my-app-secret-v2-production",
  "max_tokens=1000000000000000000",
  "tokenizer: bert-base-uncased-v3-x64",
  "api_key_file=/home/me/.config/ampx/keys/api-key-1",
  "token_expires=20260101T000000Z",
  "task-d41d8cd98f00b204e9800998ecf8427e",
  "sk-fading-circle sk-circle12 .sk-cube-grid-large-animation-delay",
  "npm_config_user_agent npm_package_name npm_lifecycle_event",
  "git clone https://github.com/o/r.git && ssh git@github.com:o/r.git",
  "http://localhost:8080/tasks?x=a@b",
  "commit 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
  "sha512-aK8d92LmQ0zXv7Bn4Tt1Rw6YpE3cUj5HsG8f2Dq9==",
  "-----BEGIN CERTIFICATE-----",
  "AKIA is a prefix, eyJ too, and ghp_ as well",
];

describe("createRedactor", () => {
  const redact = createRedactor([]);

  test.each(secrets)("takes out %s wherever it stands", (_, kind, secret) => {
    expect(
      surroundings.map(([where, before, after]) => [where, redact(before + secret + after)]),
    ).toEqual(
      surroundings.map(([where, before, after]) => [where, `${before}[redacted:${kind}]${after}`]),
    );
  });

  test.each(inContext)("keeps what tells people which secret it was: %s", (text, redacted) => {
    expect(redact(text)).toBe(redacted);
  });

  test.each(harmless)("leaves alone: %s", (text) => {
    expect(redact(text)).toBe(text);
  });

  test("takes out the lines of a private key that is cut off, and nothing after them", () => {
    expect(
      redact(`${pem}\n${drawn.slice(0, 64)}\n${drawn.slice(0, 64)}\nError: no end of the key`),
    ).toBe("[redacted:private-key]\nError: no end of the key");
  });

  test("takes out a known value in every form in which it may be written", () => {
    const value = 'pä ss/w"rd+1\n&';
    const hide = createRedactor([value]);
    const trimmed = value.trim();
    const forms = [
      trimmed,
      encodeURIComponent(trimmed),
      new URLSearchParams({ value: trimmed }).toString(),
      JSON.stringify(trimmed),
      JSON.stringify(JSON.stringify({ value: trimmed })),
      Buffer.from(trimmed).toString("base64"),
      Buffer.from(trimmed).toString("base64url"),
    ];
    expect(forms.filter((form) => !hide(`<${form}>`).includes("[redacted]"))).toEqual([]);
    for (const user of ["a", "ab", "abc"]) {
      const basic = Buffer.from(`${user}:${trimmed}`).toString("base64");
      expect(hide(`<${basic}>`)).toMatch(/^<[\w+/]{3,6}\[redacted\][\w+/]?=*>$/);
    }
  });

  test("takes a value that contains another one whole", () => {
    expect(createRedactor(["hunter", "hunter22-long"])("hunter22-long hunter")).toBe(
      "[redacted] [redacted]",
    );
  });

  test("takes out the long lines of a value of several lines", () => {
    expect(
      createRedactor([`${drawn.slice(0, 40)}\n${drawn.slice(7, 47)}\n`])(`> ${drawn.slice(7, 47)}`),
    ).toBe("> [redacted]");
  });

  test("ignores values that are too short to be told from ordinary text", () => {
    expect(createRedactor(["", "a", "12345", "  12345  "])("a 12345")).toBe("a 12345");
  });

  test("leaves marks that are there already as they are", () => {
    const hide = createRedactor(["redacted", "github", "token]"]);
    const once = hide(`github ghp_${drawn.slice(0, 36)} redacted`);
    expect(once).toBe("[redacted] [redacted:github-token] [redacted]");
    expect(hide(once)).toBe(once);
  });

  test("lets no known value through, whatever is around it", () => {
    const value = fc
      .string({ unit: "grapheme", minLength: 6, maxLength: 40 })
      .filter((text) => text.trim().length >= 6 && !text.includes("redacted"));
    fc.assert(
      fc.property(value, fc.string(), fc.string(), (secret, before, after) => {
        const hide = createRedactor([secret]);
        for (const form of [
          secret,
          encodeURIComponent(secret.toWellFormed()),
          JSON.stringify(secret),
        ]) {
          expect(hide(before + form + after)).not.toContain(secret.trim());
        }
      }),
    );
  });

  test("leaves text without a secret as it is", () => {
    fc.assert(fc.property(fc.lorem({ maxCount: 40 }), (text) => redact(text) === text));
  });
});

describe("createLineRedactor", () => {
  test("knows the lines of a private key, with timestamps too, and what comes after it", () => {
    for (const stamp of ["", "2026-11-21T09:00:00.000Z "]) {
      const redact = createLineRedactor(["hunter22"]);
      const lines = [`cat key: ${pem}`, ...pemBody.split("\n"), pemEnd, "hunter22 and abcdef"].map(
        (line) => stamp + line,
      );
      const mark = "[redacted:private-key]";
      expect(lines.map(redact)).toEqual([
        `${stamp}cat key: ${mark}`,
        mark,
        mark,
        mark,
        mark,
        `${stamp}[redacted] and abcdef`,
      ]);
    }
  });

  test("is not held inside a key that never ends, nor by one that ends in its own line", () => {
    const redact = createLineRedactor([]);
    expect([pem, "Error: no end of the key", drawn.slice(0, 8)].map(redact).slice(1)).toEqual([
      "Error: no end of the key",
      drawn.slice(0, 8),
    ]);
    expect([`${pem}\\n${drawn.slice(0, 64)}\\n${pemEnd}`, drawn.slice(0, 8)].map(redact)).toEqual([
      "[redacted:private-key]",
      drawn.slice(0, 8),
    ]);
  });
});

describe("redactPieces", () => {
  test("knows a private key wherever the pieces of whole lines begin", () => {
    const lines = ["before", pem, ...pemBody.split("\n"), pemEnd, "after it"].map(
      (line) => `${line}\n`,
    );
    for (let first = 0; first <= lines.length; first++) {
      for (let second = first; second <= lines.length; second++) {
        const redact = redactPieces(createRedactor([]));
        const pieces = [lines.slice(0, first), lines.slice(first, second), lines.slice(second)];
        const kept = pieces
          .map((piece) => (piece.length > 0 ? redact(piece.join("")) : ""))
          .join("");
        expect(kept).toMatch(/^before\n(?:\[redacted:private-key\]\n)+after it\n$/);
      }
    }
  });
});

describe("findSecret", () => {
  test.each(secrets)("finds %s", (_, kind, secret) => {
    expect(findSecret(`Please use ${secret} for it`, [])).toEqual({ kind });
  });

  test("finds a known value, also behind a mark", () => {
    expect(findSecret("see [redacted] and hunter22", ["hunter22"])).toEqual({
      kind: "known value",
    });
    expect(findSecret("see [redacted]", ["redacted"])).toBeNull();
  });

  test.each([
    ...harmless,
    "postgres://postgres:password@localhost:5432/app",
    "send `Authorization: Bearer my-token-here`",
  ])("lets a person write: %s", (text) => {
    expect(findSecret(text, [])).toBeNull();
  });

  test.each([
    `https://me:${drawn.slice(0, 20)}@example.com`,
    `Authorization: Bearer ${drawn.slice(0, 20)}`,
    `password=${drawn.slice(0, 20)}`,
  ])("does not let a person write: %s", (text) => {
    expect(findSecret(text, [])).not.toBeNull();
  });
});

describe("redacting is linear", () => {
  // What a pattern begins with, again and again or followed by one long word; and whole forms that break off at their end.
  const beginnings = [
    "ghp_",
    "ghs_a.",
    "eyJ",
    "eyJ.",
    "eyJa-",
    "\\neyJ",
    "\u001b[",
    "\u001b[1;",
    "sk-",
    "sk-a",
    "://",
    "://a:",
    "://:",
    ":",
    "@",
    "/",
    "-",
    "-----",
    "-----BEGIN ",
    pem,
    `${pem}\n`,
    `${pem}\\n`,
    `${pem}-a`,
    "-----BEGIN A",
    "\\n",
    "\n",
    " ",
    "a",
    "A",
    "token",
    "token=",
    "token ",
    "secret-",
    "Bearer ",
    "Bearer",
    "Authorization: ",
    "aws_secret",
    "aws_secret ",
    "x-access-token:",
    "password password",
    "ACCESS_",
    "[redacted]",
    "[redacted:",
  ];
  const broken = [
    ...secrets.flatMap(([, , secret]) => [secret.slice(0, 5), `${secret.slice(0, -1)}!`]),
    ...inContext.map(([text]) => text.slice(0, Math.ceil(text.length / 2))),
  ];

  test(
    "1 MB of whatever a pattern begins with, repeated or drawn out, takes no more than a moment",
    { timeout: 120_000 },
    () => {
      const redact = createRedactor(["a value to look for", "another/value+1"]);
      const size = 1 << 20;
      const texts = [
        ...[...beginnings, ...broken].map((seed) => seed.repeat(Math.ceil(size / seed.length))),
        ...beginnings.map((seed) => seed + "a".repeat(size)),
      ];
      const slow = texts.flatMap((text) => {
        // Time of the processor, not of the clock: other tests run beside this one.
        const begun = process.cpuUsage();
        redact(text);
        const { user, system } = process.cpuUsage(begun);
        const ms = (user + system) / 1_000;
        return ms > 1_500 ? [`${JSON.stringify(text.slice(0, 60))}: ${Math.round(ms)} ms`] : [];
      });
      expect(slow).toEqual([]);
    },
  );
});

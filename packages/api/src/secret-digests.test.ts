import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { containsDigestedSecret, digestSecrets } from "./secret-digests.ts";

const salt = "0123456789abcdef";

it("finds a value wherever in the text it stands, and only if all of it is there", () => {
  const secret = "sgamp_user_01HZX_4f9b";
  const digests = digestSecrets([secret], salt);
  for (const text of [secret, `${secret} `, `use ${secret}`, `a${secret}b`, `ü€𝄞\n${secret}\n`])
    expect(containsDigestedSecret(digests, text), text).toBe(true);
  for (const text of [
    "",
    "short",
    secret.slice(1),
    secret.slice(0, -1),
    secret.toUpperCase(),
    `${secret.slice(0, 9)} ${secret.slice(9)}`,
  ])
    expect(containsDigestedSecret(digests, text), text).toBe(false);
});

it("finds each of several values, of the same and of different lengths, and such as are not ASCII", () => {
  const values = [
    "aaaaaaaa",
    "bbbbbbbb",
    "päßwörter-𝄞",
    "-----BEGIN KEY-----\nabc\n-----END KEY-----",
    "x".repeat(5_000),
  ];
  const digests = digestSecrets(values, salt);
  for (const value of values)
    expect(containsDigestedSecret(digests, `before ${value} after`)).toBe(true);
  expect(containsDigestedSecret(digests, "before after")).toBe(false);
});

it("holds neither the value nor anything that is the same under another salt", () => {
  const secret = "correct-horse-battery";
  const digests = digestSecrets([secret], salt);
  expect(digests).not.toContain(secret);
  expect(digests).not.toContain(Buffer.from(secret).toString("base64"));
  expect(JSON.parse(digestSecrets([secret], "other")).digests[0].digest).not.toBe(
    JSON.parse(digests).digests[0].digest,
  );
});

it("leaves out what is too short to be told from a word, and spaces around a value", () => {
  expect(containsDigestedSecret(digestSecrets(["1234567", "", "  "], salt), "1234567")).toBe(false);
  expect(containsDigestedSecret(digestSecrets([" 12345678\n"], salt), "x12345678x")).toBe(true);
  expect(containsDigestedSecret(digestSecrets([], salt), "anything")).toBe(false);
});

it("refuses digests that are none", () => {
  expect(() => containsDigestedSecret("{}", "text")).toThrow("salt");
});

it("takes less than a second for the longest prompt and secrets of ten lengths", () => {
  const secrets = Array.from({ length: 20 }, (_, i) =>
    randomBytes(40)
      .toString("base64url")
      .slice(0, 16 + (i % 10) * 4),
  );
  const digests = digestSecrets(secrets, salt);
  const texts = [
    randomBytes(150_000).toString("base64"),
    "-".repeat(200_000),
    "\u20ac".repeat(200_000),
  ];
  for (const text of texts) {
    const before = process.cpuUsage();
    expect(containsDigestedSecret(digests, text)).toBe(false);
    expect(cpuMs(before)).toBeLessThan(1_000);
  }
});

it("looks once at a window that the first sieve lets through again and again", () => {
  const dashes = "-".repeat(200_000);
  const alike = "968ea6c8";
  expect(markOf(alike)).toBe(markOf("--------"));
  const time = (secret: string) => {
    const digests = digestSecrets([secret], salt);
    const before = process.cpuUsage();
    expect(containsDigestedSecret(digests, dashes)).toBe(false);
    return cpuMs(before);
  };
  const other = Math.max(time("another1"), time("another2"));
  // An HMAC of each window would take more than 100 times as long as none.
  expect(time(alike)).toBeLessThan(20 * other + 50);
  expect(containsDigestedSecret(digestSecrets([alike], salt), dashes + alike)).toBe(true);
});

function markOf(value: string): unknown {
  const parsed: { digests: { mark: number }[] } = JSON.parse(digestSecrets([value], salt));
  return parsed.digests[0]?.mark;
}

/** What this process itself has worked, however crowded the machine is. */
function cpuMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

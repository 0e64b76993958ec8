import { expect, test } from "vitest";
import { isSignedWith } from "./webhook-signature.ts";

// GitHub's own example, from its page about validating deliveries.
const secret = "It's a Secret to Everybody";
const body = Buffer.from("Hello, World!");
const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

test("a body signed with the secret is known by its signature", () => {
  expect(isSignedWith(secret, body, signature)).toBe(true);
});

test.each([
  ["another body", secret, Buffer.from("Hello, World?"), signature],
  ["another secret", "nobody's", body, signature],
  ["no signature", secret, body, ""],
  ["the old kind of one", secret, body, signature.replace("sha256", "sha1")],
  ["a cut one", secret, body, signature.slice(0, -1)],
  ["two of them", secret, body, `${signature}, ${signature}`],
  ["one in capitals", secret, body, signature.toUpperCase()],
  ["one of other letters", secret, body, `sha256=${"é".repeat(64)}`],
])("%s is refused", (_, of, bytes, header) => {
  expect(isSignedWith(of, bytes, header)).toBe(false);
});

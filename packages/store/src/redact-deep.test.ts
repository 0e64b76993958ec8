import { expect, it } from "vitest";
import { redactDeep } from "./redact-deep.ts";

const redact = (text: string) => text.replaceAll("secret", "*");

it("redacts strings at any depth and leaves all else", () => {
  const refuse = () => null;
  expect(
    redactDeep(
      ["a secret", { n: 1, deep: [{ text: "secret" }, null, true] }, undefined, refuse],
      redact,
    ),
  ).toEqual(["a *", { n: 1, deep: [{ text: "*" }, null, true] }, undefined, refuse]);
});

it("gives back the very value when there is nothing to redact, and never changes the one it is given", () => {
  const clean = { list: ["a", { b: "c" }] };
  expect(redactDeep(clean, redact)).toBe(clean);
  const dirty = { list: ["a", { b: "secret" }], same: clean };
  const redacted = redactDeep(dirty, redact);
  expect(redacted.list[1]).toEqual({ b: "*" });
  expect(redacted.same).toBe(clean);
  expect(dirty.list[1]).toEqual({ b: "secret" });
});

import { expect, test } from "vitest";
import { literalScanner } from "./literal-scanner.ts";

const literals = [
  "ECONNRESET",
  "ECONNREFUSED",
  "No space left on device",
  " Killed  ",
  "disk quota",
];
const scan = literalScanner(literals);

test.for([
  ["read ECONNRESET", [0]],
  ["econnreset, ECONNREFUSED and EconnReset", [0, 1]],
  ["write: no SPACE left on Device", [2]],
  ["x.sh: line 1: 7 Killed  cmd", [3]],
  ["Disk quota", [4]],
  ["ECONNRESE", []],
  ["ECONN REFUSED", []],
  ["", []],
  ["device on left space No", []],
] as const)("finds in %j the literals %j", ([text, found]) => {
  expect(scan(text).toSorted((a, b) => a - b)).toEqual(found);
});

test("finds a literal wherever it stands and whatever stands around it", () => {
  for (let before = 0; before < 40; before++) {
    for (const filler of ["x", "E", " ", "n", "é", "\u{1F600}"]) {
      for (const [index, literal] of literals.entries()) {
        const text = filler.repeat(before) + literal.toUpperCase() + filler.repeat(before % 7);
        expect(scan(text), text).toContain(index);
      }
    }
  }
});

test("refuses a literal that is too short to be searched for quickly", () => {
  expect(() => literalScanner(["curl: ("])).toThrow('"curl: (" is too short');
});

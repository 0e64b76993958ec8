import { expect, test } from "vitest";
import { withoutCheckout, withoutCheckouts } from "./checkout-folder.ts";

const places = [
  ["/home/runner", "work/shop/shop"].join("/"),
  ["/Users/runner", "work/shop/shop"].join("/"),
  "/__w/shop/shop",
  "/builds/acme/shop",
  "/github/workspace",
  "/workspace",
  "/home/circleci/project",
  "/opt/atlassian/pipelines/agent/build",
];

test.each(places)("a file below %s is told by its path in the repository", (place) => {
  expect(withoutCheckout(`${place}/src/a.ts`)).toBe("src/a.ts");
  expect(withoutCheckout(`file://${place}/src/a.ts`)).toBe("src/a.ts");
  expect(withoutCheckouts(`at ${place}/src/a.ts:3 and ${place}/b.ts`)).toBe(
    "at src/a.ts:3 and b.ts",
  );
});

test("so is one on Windows, and one named from where the tool stands", () => {
  expect(withoutCheckout("D:\\a\\shop\\shop\\src\\a.ts")).toBe("src\\a.ts");
  expect(withoutCheckout("./src/a.ts")).toBe("src/a.ts");
  expect(withoutCheckout(".\\src\\a.ts")).toBe("src\\a.ts");
});

test("any other path stays", () => {
  for (const path of ["/usr/lib/node/a.js", "src/a.ts", "/home/ada/shop/a.ts"])
    expect(withoutCheckout(path)).toBe(path);
});

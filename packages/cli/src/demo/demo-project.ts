/** The project of the demo: small, real, with tests that node runs by itself. */
export const projectFiles: Record<string, string> = {
  "package.json": `{
  "name": "prices",
  "type": "module",
  "scripts": { "test": "node --test" }
}
`,
  "src/price.js": `/** A price in cents as people read it. */
export function format(cents) {
  return \`\${cents / 100} €\`;
}

/** What all items cost together, in cents. */
export function total(items) {
  return items.reduce((sum, item) => sum + item.cents, 0);
}
`,
  "test/price.test.js": `import assert from "node:assert/strict";
import { test } from "node:test";
import { format, total } from "../src/price.js";

test("a price ends with the currency", () => {
  assert.match(format(1250), / €$/);
});

test("the total of several items is in cents", () => {
  assert.equal(total([{ cents: 1250 }, { cents: 199 }]), 1449);
});
`,
};

/** Run for every commit that is pushed; its exit code is the verdict. */
export const ciScript = `#!/bin/sh
# ci.sh <repository> <ref> <commit>, in a clean checkout of the commit
set -e
node --test
`;

export const title = "Show prices with two decimals";
export const task = "Prices have two decimals: 1250 cents are 12.50 €. Add a test for it.";

/** What the scripted agent does: its first change breaks a test, as a real one's may. What it says to have used is made up. */
export const agentScript = `turns:
  - - use: { input_tokens: 2310, output_tokens: 614, cache_read_tokens: 18400, usd: 0.0214 }
    - say: I will make format() round to two decimals, and total() with it.
    - write: src/price.js
      content: |
        /** A price in cents as people read it. */
        export function format(cents) {
          return \`\${(cents / 100).toFixed(2)} €\`;
        }

        /** What all items cost together. */
        export function total(items) {
          return items.reduce((sum, item) => sum + item.cents / 100, 0);
        }
    - sleep: 600
    - edit: test/price.test.js
      find: 'test("the total'
      replace: |-
        test("a price has two decimals", () => {
          assert.equal(format(1250), "12.50 €");
        });

        test("the total
    - say: Done. I also added a test.
  - - use: { input_tokens: 1180, output_tokens: 402, cache_read_tokens: 21700, usd: 0.0157 }
    - say: total() must stay in cents; only format() was to change. I will put it back.
    - edit: src/price.js
      find: "/** What all items cost together. */"
      replace: "/** What all items cost together, in cents. */"
    - edit: src/price.js
      find: "item.cents / 100, 0"
      replace: "item.cents, 0"
    - sleep: 600
    - say: Fixed.
`;

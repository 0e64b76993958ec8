/**
 * @typedef {{ type: string, name?: string }} Callee
 * @typedef {{ callee: Callee, arguments: unknown[] }} Call
 * @typedef {{ report(finding: { node: Call, message: string }): void }} Context
 */

/** Finds `new Date()` and `Date()`; `new Date(instant)` is pure. `Date.now` is left to no-restricted-properties. */
export const noCurrentDate = {
  create(/** @type {Context} */ context) {
    const check = (/** @type {Call} */ node) => {
      if (
        node.callee.type !== "Identifier" ||
        node.callee.name !== "Date" ||
        node.arguments.length > 0
      )
        return;
      context.report({ node, message: "The time is an input: take an Instant as an argument." });
    };
    return { NewExpression: check, CallExpression: check };
  },
};

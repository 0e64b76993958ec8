import type { Check } from "../check.ts";

/** Node itself: the launcher refuses an older one, so this only tells which it is. */
export const nodeVersion: Check = () =>
  Promise.resolve([
    { name: "node", is: "ok", detail: `${process.versions.node} (${process.execPath})` },
  ]);

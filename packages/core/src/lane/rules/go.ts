import type { LaneSource } from "../lane-rule.ts";

/** go: the module proxy and the checksum database. */
export const go: LaneSource = {
  rules: [
    {
      lane: "infrastructure",
      reason: "the Go module proxy could not be reached",
      literals: ["proxy.golang.org", "sum.golang.org", "storage.googleapis.com/proxy-golang-org"],
      pattern:
        /dial tcp|read tcp|i\/o timeout|TLS handshake|connection (?:reset|refused)|stream error|unexpected EOF|: EOF$|(?:5\d\d|429) (?:Bad|Service|Gateway|Internal|Too)|server misbehaving|context deadline/i,
    },
  ],
};

import type { LaneSource } from "../lane-rule.ts";

/** Terraform, Helm, Nix, GPG: the registries and servers of those who operate what others wrote. */
export const operations: LaneSource = {
  rules: [
    {
      lane: "infrastructure",
      reason: "Terraform's registry could not be reached",
      literals: [
        "Failed to query available provider packages",
        "Failed to install provider",
        "Could not connect to registry.terraform.io",
      ],
      // Such a provider does not exist: the code asks for it.
      unless: /no available releases match|does not have a provider named/,
      force: "tries",
    },
    {
      lane: "infrastructure",
      reason: "a chart repository could not be reached",
      literals: ["is not a valid chart repository or cannot be reached"],
    },
    {
      lane: "infrastructure",
      reason: "a server that Nix downloads from could not be reached",
      literals: ["error: unable to download '"],
      unless: /HTTP error 4(?!29)\d\d/,
    },
    {
      lane: "infrastructure",
      reason: "a key server could not be reached",
      literals: ["gpg: keyserver receive failed", "gpg: keyserver search failed"],
      unless: /No data$|Not found/,
    },
  ],
};

import type { LaneSource } from "../lane-rule.ts";

/** dotnet and NuGet: the package feed. NU1101 and NU1102 (no such package, no such version) are the code's. */
export const dotnet: LaneSource = {
  rules: [
    {
      lane: "infrastructure",
      reason: "the NuGet feed could not be reached",
      literals: [
        "error NU1301",
        "Unable to load the service index for source",
        "Failed to retrieve information about '",
        "Failed to download package '",
      ],
      unless: /40[13] \(|warn : |warning NU/,
    },
    {
      lane: "configuration",
      reason: "the NuGet feed does not accept the credentials",
      literals: ["Response status code does not indicate success: 40", "error NU1301"],
      pattern:
        /(?:NU1301|service index|nuget)[^\n]{0,300}40[13] \(|does not indicate success: 40[13] \((?:Unauthorized|Forbidden)\)\.$/i,
      unless: /^\s{0,40}at |warn : /,
    },
    {
      lane: "infrastructure",
      reason: "the .NET SDK could not be downloaded",
      literals: [
        "dotnet-install: Failed to download",
        "dotnet_install: Error: Could not find `",
        "dotnet-install: Unable to download",
      ],
      unless: /40[34]/,
    },
    {
      lane: "configuration",
      reason: "the .NET SDK that the project asks for is not installed",
      literals: ["A compatible .NET SDK was not found"],
    },
  ],
};

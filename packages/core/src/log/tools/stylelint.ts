import type { LogTool } from "../tool.ts";

export const stylelint: LogTool = {
  name: "stylelint",
  kind: "lint",
  hints: [" ✖ ", " × ", " problems (", " problem ("],
  rules: [
    {
      is: "failure",
      line: /^ +(?<line>\d+):\d+ +[✖×] +(?<message>\S.*)$/,
      above: /^(?<file>\S+\.(?:css|scss|sass|less|pcss|vue|svelte|html))$/,
    },
    { is: "summary", line: /^✖ \d+ problems? \(/ },
  ],
};

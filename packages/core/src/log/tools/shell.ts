import type { LogTool } from "../tool.ts";

const around = { opens: { lines: 5 } };

/** Programs of all kinds and shell scripts, by the words with which most of them say that they give up. */
export const shell: LogTool = {
  name: "shell",
  kind: "command",
  isFallback: true,
  hints: [
    "rror: ",
    "RROR: ",
    "atal: ",
    "ATAL: ",
    "rror:",
    "command not found",
    "No such file",
    "ermission denied",
    "not found",
    "unbound variable",
    "syntax error",
    "HTTP 4",
    "HTTP 5",
    "returned error",
    "Unable to ",
    "annot ",
    "ould not ",
    "Missing ",
    "missing ",
    "exit code ",
    "exit status ",
    "Exception",
    "panic: ",
    "ERR!",
    " ERROR ",
    "E: ",
  ],
  rules: [
    {
      is: "echo",
      line: /^(?:.{0,200}\b)?(?:[Pp]rocess|[Cc]ommand)\b.{0,200}\bexit(?:ed with)? (?:code|status) [1-9]\d*/,
    },
    {
      is: "failure",
      line: /^(?:.{0,200}: )?(?:line \d+: )?(?<message>\S{1,100}: (?:command not found|not found|No such file or directory|Permission denied|unbound variable|syntax error\b.*))$/,
      ...around,
    },
    {
      is: "failure",
      line: /^(?<message>(?:[\w.-]{1,40}: )?(?:fatal|error|Error|ERROR|FATAL|Fatal|panic|E|Fatal error|FATAL ERROR|Unhandled error|Uncaught Exception)(?:\[\w{1,20}\]| \[\w{1,40}\])?: (?!0\b|none\b|null\b|false\b).*)/,
      ...around,
    },
    {
      is: "failure",
      line: /^(?<message>[A-Za-z_][\w.$]{0,100}(?:Error|Exception)(?:: .*|$))/,
      ...around,
    },
    {
      is: "failure",
      line: /^(?<message>[\w.-]{1,40}: .{0,300}(?:\bHTTP (?:4|5)\d\d\b|returned error|failed|[Uu]nable to|[Cc]annot|[Cc]ould not|missing|not found|denied).*)/,
      ...around,
    },
    { is: "failure", line: /^(?<message>(?:Unable to|Cannot|Could not|Missing) .*)/, ...around },
  ],
};

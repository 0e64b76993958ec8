// oxlint-disable no-control-regex -- they are what is looked for

const control = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/;

/** CSI, operating system commands and the like up to their terminator, and two-character escapes. */
const sequence =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]/g;

const rest = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/g;

/** One line as a person would have seen it: without terminal sequences, and only what a carriage return left standing. */
export function plainLine(text: string): string {
  if (!control.test(text)) return text;
  const clean = text.replace(sequence, "").replace(/\r+$/, "");
  return clean.slice(clean.lastIndexOf("\r") + 1).replace(rest, "");
}

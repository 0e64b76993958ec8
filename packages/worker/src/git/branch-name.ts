import { UserError } from "@ampx/core";

/** Returns the name if git takes it for a branch (the rules of `git check-ref-format --branch`). Throws a `UserError` with what is wrong. */
export function branchName(name: string): string {
  const problem = problemOf(name);
  if (problem === null) return name;
  throw new UserError(`Not a branch name: ${JSON.stringify(name)} ${problem}`, {
    kind: "invalid",
    tryThis: "use letters, digits, dashes and slashes, such as fix/login-redirect",
  });
}

function problemOf(name: string): string | null {
  if (name === "" || name === "@" || name === "HEAD") return "is reserved";
  if (name.startsWith("-")) return "begins with a dash";
  // A part becomes a file name, with ".lock" behind it while it is written.
  if (Buffer.byteLength(name) > 200) return "is longer than 200 bytes";
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  if (/[\u0000-\u0020\u007f~^:?*[\\]/.test(name))
    return "holds a space, a control character or one of ~ ^ : ? * [ \\";
  if (name.includes("..") || name.includes("@{")) return 'holds ".." or "@{"';
  if (name.endsWith(".")) return "ends with a dot";
  for (const part of name.split("/")) {
    if (part === "") return "has an empty part between slashes";
    if (part.startsWith(".")) return "has a part that begins with a dot";
    if (part.endsWith(".lock")) return 'has a part that ends with ".lock"';
  }
  return null;
}

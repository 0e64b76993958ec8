/** Why git would refuse the name for a branch, or null (git-check-ref-format, `--branch`). */
export function branchNameProblem(name: string): string | null {
  if (name.startsWith("-")) return 'must not begin with "-"';
  // A part becomes a file name, with ".lock" behind it while it is written.
  if (Buffer.byteLength(name) > 200) return "must not be longer than 200 bytes";
  if (name === "@" || name === "HEAD") return "is a name that git keeps for itself";
  if (/[\s\p{Cc}~^:?*[\\]/u.test(name))
    return "must not hold spaces, control characters or any of ~ ^ : ? * [ \\";
  if (name.includes("..") || name.includes("@{")) return 'must not hold ".." or "@{"';
  if (name.endsWith(".")) return 'must not end with "."';
  for (const part of name.split("/")) {
    if (part === "") return 'must not begin or end with "/" or hold "//"';
    if (part.startsWith(".") || part.endsWith(".lock"))
      return 'must have no part that begins with "." or ends with ".lock"';
  }
  return null;
}

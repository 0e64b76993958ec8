/** Whether a branch or path matches GitHub's filter patterns: the last one that speaks of it counts, `!` takes it out again. */
export function isRefMatch(name: string, patterns: readonly string[]): boolean {
  let matches = false;
  for (const pattern of patterns) {
    const isNegated = pattern.startsWith("!");
    if (expressionOf(isNegated ? pattern.slice(1) : pattern).test(name)) matches = !isNegated;
  }
  return matches;
}

/** `*` stays within a folder, `**` does not; `?` and `+` repeat the character before; `[]` is a class; `\` takes the next as it is. */
function expressionOf(pattern: string): RegExp {
  let source = "";
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === "*" && pattern.startsWith("**/", at)) {
      source += "(?:.*/)?";
      at += 2;
    } else if (char === "*" && pattern.charAt(at + 1) === "*") {
      source += ".*";
      at += 1;
    } else if (char === "*") source += "[^/]*";
    else if (char === "[" && pattern.indexOf("]", at + 2) > 0) {
      const end = pattern.indexOf("]", at + 2);
      source += `[${pattern.slice(at + 1, end).replaceAll(/[\\[\]]/g, "\\$&")}]`;
      at = end;
    } else if ((char === "?" || char === "+") && source !== "" && !/[?+*]$/.test(source))
      source += char;
    else if (char === "\\" && at + 1 < pattern.length) source += escaped(pattern.charAt(++at));
    else source += escaped(char);
  }
  try {
    return new RegExp(`^${source}$`, "s");
  } catch {
    // A class such as [z-a], which GitHub refuses as well: it matches nothing.
    return /(?!)/;
  }
}

function escaped(char: string): string {
  return /[\w/]/.test(char) ? char : `\\${char}`;
}

/** The text with nothing in it by which GitHub would call a person, or link or close an issue: by its number, with or without a repository, or its address. */
export function withoutCalls(text: string): string {
  return text
    .replaceAll(/@(?=[A-Za-z0-9])/g, "@\u200b")
    .replaceAll(/#(?=\d)/g, "#\u200b")
    .replaceAll(/\b(GH)-(?=\d)/gi, "$1\u200b-")
    .replaceAll(/\/(issues|pull)\/(?=\d)/gi, "/$1/\u200b");
}

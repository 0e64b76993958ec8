/** What nobody sees in a text on GitHub, and by which ampx finds it again, so that it is never said twice. */
export function hiddenMark(of: string): string {
  return `<!-- ampx: ${of} -->`;
}

/** What ampx itself has written, whoever's name it goes by. */
export function isOfAmpx(text: string): boolean {
  return text.includes("<!-- ampx:");
}

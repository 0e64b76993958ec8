/** How many columns of a terminal a line takes: two for East Asian wide characters and emoji, none for marks that stand on others. */
export function displayWidth(text: string): number {
  if (narrow.test(text)) return text.length;
  let width = 0;
  for (const { segment } of charactersOf(text)) width += widthOf(segment);
  return width;
}

/** The beginning of a line that takes no more columns than this, an ellipsis included where something is left out. */
export function shortened(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  let taken = 1;
  for (const { segment } of charactersOf(text)) {
    taken += widthOf(segment);
    if (taken > width) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** Most text is: Latin letters and common punctuation. What the others need takes 10 ms to load, so it is made on demand. */
const narrow = /^[\u0020-\u007e\u00a0-\u02ff\u2010-\u2027\u2264\u2265]*$/;

function charactersOf(text: string): Iterable<Intl.SegmentData> {
  return new Intl.Segmenter().segment(text);
}

function widthOf(character: string): number {
  const wide =
    /\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
  if (wide.test(character)) return 2;
  return /^\p{M}*$/u.test(character) ? 0 : 1;
}

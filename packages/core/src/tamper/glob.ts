/**
 * Whether a path fits a glob: `*` and `?` within a folder, `**` over folders. One without a slash fits at any depth, and one that names a
 * folder fits all within. No regular expression, so that no glob is slow.
 */
export function fitsGlob(path: string, glob: string): boolean {
  const parts = glob.replace(/^\.?\/(?=.)/, "").split("/");
  if (parts.at(-1) === "") parts.pop();
  const pattern = parts.length === 1 ? ["**", ...parts] : parts;
  return sequenceFits(path.split("/"), pattern);
}

/** Goes through both at once; every place of the pattern that could be reached so far is kept. */
function sequenceFits(folders: readonly string[], pattern: readonly string[]): boolean {
  let places = skipStars(new Set([0]), pattern);
  for (const folder of folders) {
    if (places.has(pattern.length)) return true;
    const reached = new Set<number>();
    for (const place of places) {
      const part = pattern[place];
      if (part === "**") reached.add(place);
      else if (part !== undefined && nameFits(folder, part)) reached.add(place + 1);
    }
    places = skipStars(reached, pattern);
  }
  return places.has(pattern.length);
}

function skipStars(places: Set<number>, pattern: readonly string[]): Set<number> {
  for (const place of places) if (pattern[place] === "**") places.add(place + 1);
  return places;
}

function nameFits(name: string, pattern: string): boolean {
  let [at, place, star, retry] = [0, 0, -1, 0];
  while (at < name.length) {
    const wanted = pattern[place];
    if (wanted === "*") [star, retry, place] = [place, at, place + 1];
    else if (wanted === "?" || wanted === name[at]) [at, place] = [at + 1, place + 1];
    else if (star === -1) return false;
    else [at, place, retry] = [retry + 1, star + 1, retry + 1];
  }
  while (pattern[place] === "*") place++;
  return place === pattern.length;
}

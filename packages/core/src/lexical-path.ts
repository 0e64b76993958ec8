/** The path that a name means in a folder, by the names alone: `..` and `.` are gone. A home (`~`) stays what it is called. */
export function resolvePath(folder: string, name: string): string {
  const isWhole = name.startsWith("/") || name.startsWith("~");
  const whole = isWhole ? name : `${folder}/${name}`;
  const root = whole.startsWith("~") ? "" : "/";
  const names: string[] = [];
  for (const part of whole.split("/")) {
    if (part === "" || part === ".") continue;
    // Above a home lies what is not ours either.
    if (part !== "..") names.push(part);
    else if (root === "/" || names.length > 1) names.pop();
  }
  return root + names.join("/");
}

/** Whether a path is this folder or lies in it; the folder's own name need not be tidy. */
export function isWithin(path: string, folder: string): boolean {
  const tidy = resolvePath("/", folder);
  return path === tidy || tidy === "/" || path.startsWith(`${tidy}/`);
}

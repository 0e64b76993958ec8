import { addedLines } from "../forms/added-lines.ts";
import { rule } from "../rule.ts";

const mock =
  /\b(?:vi|jest)\.(?:mock|doMock|setMock)\(\s{0,4}(?:import\(\s{0,4})?["'`]([^"'`]{1,200})["'`]/;
/** Leaves the rest of the module as it is. */
const partial = /importOriginal|importActual|requireActual|spy:\s{0,4}true/;

export const unitMocked = rule({
  name: "unit_mocked",
  verdict: "undo",
  what: "A test replaces the very module that it tests.",
  undo: "Test the real module.",
  patterns: [mock, partial],
  find: (change) =>
    addedLines(
      change,
      (file) => (file.isTest && file.language?.name === "javascript" ? [mock] : []),
      ({ file, line, hunk, index }) => {
        const mocked = mock.exec(line.text)?.[1] ?? "";
        const near = hunk.slice(index, index + 6).some(({ text }) => partial.test(text));
        return !near && mocked.startsWith(".") && nameOf(mocked) === nameOf(file.path);
      },
    ),
});

function nameOf(path: string): string {
  return (path.split("/").at(-1) ?? "").replace(/(?:[._-](?:test|spec))?(?:\.[cm]?[jt]sx?)?$/, "");
}

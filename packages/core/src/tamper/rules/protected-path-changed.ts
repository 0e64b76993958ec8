import { touchedFiles, wordOf } from "../forms/touched-files.ts";
import { fitsGlob } from "../glob.ts";
import { rule } from "../rule.ts";

export const protectedPathChanged = rule({
  name: "protected_path_changed",
  verdict: "hold",
  what: "A file that the config protects was changed.",
  undo: "Leave protected files as they were.",
  patterns: [],
  *find(change) {
    const { protectedPaths } = change.options;
    for (const file of change.files) {
      const isProtected = protectedPaths.some(
        (glob) => fitsGlob(file.path, glob) || fitsGlob(file.oldPath, glob),
      );
      if (!isProtected) continue;
      const [place] = touchedFiles({ ...change, files: [file] }, () => true);
      yield place ?? { file: file.path, line: null, evidence: `the file was ${wordOf(file)}` };
    }
  },
});

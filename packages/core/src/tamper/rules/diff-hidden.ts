import { addedLines } from "../forms/added-lines.ts";
import { rule } from "../rule.ts";

/** Makes git print no diff, for more than pictures and lockfiles. */
const attribute =
  /^\s{0,20}(\S{1,200})(?:\s{1,20}\S{1,60}){0,5}?\s{1,20}(?:-(?:diff|text)|binary|diff=\S|linguist-generated)\b/;
const harmless =
  /\.(?:png|jpe?g|gif|ico|webp|avif|svg|pdf|woff2?|ttf|otf|eot|mp[34]|wav|ogg|webm|zip|gz|jar|lock|snap|min\.js|map|bin|exe|dll|so|docx?|xlsx?|pptx?)$|lock|(?:^|\/)(?:dist|build|vendor|generated|__generated__|node_modules|third_party)\b|\.pb\.|\.g\.|_pb2/i;

export const diffHidden = rule({
  name: "diff_hidden",
  verdict: "hold",
  what: "The change hides what it changes: source code that git shows as binary.",
  undo: "Store source files as plain text, and leave .gitattributes alone.",
  patterns: [attribute, harmless],
  *find(change) {
    for (const { path, isBinary, status, language, is } of change.files) {
      const isText = language !== null || is("testConfig") || is("manifest") || is("ci");
      if (isBinary && isText && status !== "deleted" && !is("lockfile"))
        yield { file: path, line: null, evidence: "git shows this text file as binary" };
    }
    yield* addedLines(
      change,
      (file) => (/(?:^|\/)\.gitattributes$/.test(file.path) ? [attribute] : []),
      ({ line }) =>
        !/^\s*#/.test(line.text) && !harmless.test(attribute.exec(line.text)?.[1] ?? ""),
    );
  },
});

import type { ChangedFile } from "./change-set.ts";
import { literalsOf } from "./literals.ts";

/** What production code no longer has. */
export interface GoneNames {
  /** Whether a line names something that is gone. */
  names(text: string): boolean;
  /** Whether the file that this one tests, going by the names of both, is gone. */
  testedBy(path: string): boolean;
}

/** Gathers what production code lost: definitions and quoted names that stand in none of its lines any more, and files. */
export function goneNames(files: readonly ChangedFile[]): GoneNames {
  const gone = new Set<string>();
  const kept = new Set<string>();
  const goneFiles = new Set<string>();
  for (const file of files) {
    if (!file.isProduction || file.is("lockfile")) continue;
    if (file.status === "deleted" && file.language !== null) goneFiles.add(stem(file.path));
    for (const line of file.hunks.flat()) {
      if (line.isComment || line.inTest) continue;
      if (line.op === "-") for (const name of definedIn(line.text)) gone.add(name);
      else for (const word of wordsOf(line.text)) kept.add(word);
    }
  }
  for (const file of files) if (file.status === "added") goneFiles.delete(stem(file.path));
  for (const word of kept) gone.delete(word);
  return {
    names: (text) => gone.size > 0 && wordsOf(text).some((word) => gone.has(word)),
    testedBy: (path) => goneFiles.has(stem(path)),
  };
}

const definition =
  /\b(?:def|function\*?|fn|func|fun|class|struct|enum|trait|interface|record|object|module|type|defp?|macro_rules!)\s{1,4}(?:self\.|\([^)]{0,80}\) )?(\w{3,80})/;
const variable = /^(?:export )?(?:const|let|var|val|static|pub const|pub static)\s{1,4}(\w{3,80})/;
const method =
  /^\s*(?:[\w<>[\]?*&:~,]{1,60}\s{1,4}){0,5}(\w{3,80})\s?\([^;]{0,300}(?:\{|\)|=> .{0,80})\s*$/;
const constant = /^([A-Z][A-Z0-9_]{2,80})\s{0,4}=/;
const statement = new Set([
  "for",
  "while",
  "switch",
  "catch",
  "return",
  "function",
  "elif",
  "with",
  "when",
  "match",
  "assert",
  "print",
  "require",
  "constructor",
]);

function definedIn(text: string): string[] {
  const names = [definition, variable, constant].flatMap((form) => form.exec(text)?.[1] ?? []);
  const called = method.exec(text)?.[1];
  if (names.length === 0 && called !== undefined && !statement.has(called)) names.push(called);
  for (const literal of literalsOf(text)) {
    const quoted = /^["'`]([\w/:.@ -]{4,80})["'`]$/.exec(literal)?.[1];
    if (quoted !== undefined) names.push(quoted);
  }
  return names;
}

function wordsOf(text: string): string[] {
  const quoted = literalsOf(text).map((literal) => literal.slice(1, -1));
  return [...(text.match(/\w+/g) ?? []), ...quoted];
}

/** A file's bare name: `foo` of foo.ts, foo.test.ts, test_foo.py, FooTest.java and foo_spec.rb. */
function stem(path: string): string {
  const name = (path.split("/").at(-1) ?? "").replace(/\.\w+$/, "");
  return name
    .replace(/^tests?[_-]/i, "")
    .replace(/(?:[._-](?:tests?|spec|e2e)|(?<=[a-z0-9])(?:Tests?|Spec|IT|TestCase))$/, "")
    .replaceAll(/[^A-Za-z0-9]/g, "")
    .toLowerCase();
}

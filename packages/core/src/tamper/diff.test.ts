import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { changedPaths } from "./changed-paths.ts";
import { parseDiff } from "./diff.ts";

describe("what real git prints", () => {
  it("tells files with odd names, links, modes, binary and empty files apart", () => {
    using repository = gitRepository();
    repository.write("sp ace.sql", "a\n-- b\nc\n");
    repository.write("data.bin", "x\0y");
    repository.write('ü"q.txt', "one\ntwo\nthree\nfour\nfive\n");
    repository.write("end.txt", "no end");
    repository.write("gone b/x", "");
    repository.link("link", "target");
    repository.commit();
    repository.write("sp ace.sql", "a\n++ /dev/null\nc\n");
    repository.write("data.bin", "x\0z");
    repository.remove('ü"q.txt');
    repository.write("ö\t2.txt", "one\ntwo\nthree\nfour\nsix\n");
    repository.write("end.txt", "still none");
    repository.mode("end.txt", 0o755);
    repository.remove("gone b/x");
    repository.write("e b/x", "");
    repository.remove("link");
    repository.link("link", "/etc/passwd");
    repository.commit();

    const files = new Map(parseDiff(repository.diff()).map((file) => [file.path, file]));
    expect(
      [...files.values()].map(({ path, oldPath, status, isBinary, mode }) => [
        oldPath === path ? path : `${oldPath} → ${path}`,
        status,
        isBinary,
        mode,
      ]),
    ).toEqual([
      ["data.bin", "modified", true, "100644"],
      ["gone b/x → e b/x", "renamed", false, null],
      ["end.txt", "modified", false, "100755"],
      ["link", "modified", false, "120000"],
      ["sp ace.sql", "modified", false, "100644"],
      ['ü"q.txt → ö\t2.txt', "renamed", false, "100644"],
    ]);
    expect(files.get("sp ace.sql")?.hunks[0]?.lines).toEqual([
      { op: " ", text: "a", oldLine: 1, newLine: 1 },
      { op: "-", text: "-- b", oldLine: 2, newLine: null },
      { op: "+", text: "++ /dev/null", oldLine: null, newLine: 2 },
      { op: " ", text: "c", oldLine: 3, newLine: 3 },
    ]);
    expect(files.get("link")?.hunks[0]?.lines.map(({ op, text }) => op + text)).toEqual([
      "-target",
      "+/etc/passwd",
    ]);
  });

  it("cannot be led astray by files that look like a diff", () => {
    using repository = gitRepository();
    repository.write("a.txt", "x\n");
    repository.commit();
    const hostile = [
      "diff --git a/evil b/evil",
      "new file mode 120000",
      "--- /dev/null",
      "+++ b/evil",
      "@@ -0,0 +1,999999999 @@",
      "+/etc/passwd",
      "rename to ../out",
      "Binary files a/a and b/a differ",
      "\\ No newline at end of file",
    ].join("\n");
    repository.write("a.txt", hostile);
    repository.write("b.txt", `${hostile}\r\n`);
    repository.commit();

    const files = parseDiff(repository.diff());
    expect(files.map(({ path, mode, isBinary }) => [path, mode, isBinary])).toEqual([
      ["a.txt", "100644", false],
      ["b.txt", "100644", false],
    ]);
    expect(
      files[0]?.hunks[0]?.lines.filter(({ op }) => op === "+").map(({ text }) => text),
    ).toEqual(hostile.split("\n"));
  });

  it("reads submodules, binary patches and headings", () => {
    const diff = [
      "diff --git a/lib b/lib",
      "new file mode 160000",
      `index ${"0".repeat(40)}..${"a".repeat(40)}`,
      "--- /dev/null",
      "+++ b/lib",
      "@@ -0,0 +1 @@",
      `+Subproject commit ${"a".repeat(40)}`,
      "diff --git a/b.bin b/b.bin",
      `index ${"b".repeat(40)}..${"c".repeat(40)} 100644`,
      "GIT binary patch",
      "literal 3",
      "Kcma!N",
      "",
      "literal 0",
      "HcmV?d00001",
      "",
      "diff --git a/c.py b/c.py",
      `index ${"b".repeat(40)}..${"c".repeat(40)} 100644`,
      "--- a/c.py",
      "+++ b/c.py",
      "@@ -30,2 +30,2 @@ def test_sum():",
      " a",
      "-b",
      "+c",
      "",
    ].join("\n");
    const [lib, binary, code] = parseDiff(diff);
    expect(lib).toMatchObject({ path: "lib", status: "added", mode: "160000" });
    expect(binary).toMatchObject({ path: "b.bin", isBinary: true, hunks: [] });
    expect(code?.hunks[0]).toMatchObject({
      oldStart: 30,
      newStart: 30,
      heading: "def test_sum():",
    });
    expect(changedPaths(diff)).toEqual(["lib", "b.bin", "c.py"]);
  });
});

it.each([
  "",
  "\n\n",
  "no diff",
  "@@ -1 +1 @@\n-a\n+b",
  "diff --git ",
  'diff --git "a/\\',
  "diff --git a/x b/x\n@@ -1,9 +1,9 @@\n a",
])("makes something of %j", (diff) => {
  expect(() => parseDiff(diff)).not.toThrow();
});

function gitRepository() {
  const folder = mkdtempSync(join(tmpdir(), "ampx-diff-"));
  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
    });
  git("init", "-q");
  return {
    write: (path: string, text: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    },
    link: (path: string, target: string): void => symlinkSync(target, join(folder, path)),
    remove: (path: string): void => rmSync(join(folder, path)),
    mode: (path: string, mode: number): void => chmodSync(join(folder, path), mode),
    commit: (): void => {
      git("add", "-A");
      git("commit", "-qm", "change");
    },
    diff: (): string =>
      git(
        "diff",
        "--no-color",
        "--no-ext-diff",
        "--no-textconv",
        "-M",
        "--full-index",
        "--unified=10",
        "HEAD~1",
        "HEAD",
      ),
    [Symbol.dispose]: (): void => rmSync(folder, { recursive: true }),
  };
}

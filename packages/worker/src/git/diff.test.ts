import { expect, test } from "vitest";
import { makeRepository, writeFiles } from "./fixture.ts";
import { taskOn } from "./workspace-fixture.ts";

test("the diff of a branch is whole, whatever attributes and settings say", async () => {
  const text = Array.from({ length: 40 }, (_, n) => `line ${n}\n`).join("");
  await using repo = await makeRepository({ files: { "a.txt": text, "old.txt": text } });
  const task = await taskOn(repo);
  const { base } = await task.workspace.prepare(task.signal);
  await repo.git(["mv", "old.txt", "näw.txt"], task.path);
  await writeFiles(task.path, {
    "a.txt": text.replace("line 20", "+++ b/other"),
    ".gitattributes": "*.txt -diff\n*.txt binary\n",
    "bin.dat": "\0\u0001",
  });
  const { head } = await task.commit();
  await repo.git(["config", "--file", `${task.copyDir}/config`, "diff.noprefix", "true"]);
  await repo.git(["config", "--file", `${task.copyDir}/config`, "color.ui", "always"]);

  const diff = await task.workspace.diff(base, head, task.signal);
  expect(diff).toContain("-line 20\n++++ b/other\n line 21");
  expect(diff).toContain("\n line 10\n");
  expect(diff).toContain('rename from old.txt\nrename to "n\\303\\244w.txt"');
  expect(diff).toContain("Binary files /dev/null and b/bin.dat differ");
  expect(diff).not.toContain("\u001b");
  const sizes = await task.workspace.sizes(head, task.signal);
  expect(Object.fromEntries(sizes)).toMatchObject({ "bin.dat": 2, "näw.txt": text.length });
  expect(await task.workspace.diff(head, head, task.signal)).toBe("");
});

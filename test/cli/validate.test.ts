import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Person, person } from "./ampx.ts";

let ada: Person;
const put = (name: string, content: string | Uint8Array) =>
  writeFile(join(ada.folder, name), content);

beforeAll(async () => {
  ada = await person();
  await mkdir(join(ada.folder, "good"));
  await put("good/b.yml", "id: B\ntitle: Then this\npriority: 1\ndependencies: [A-1]\n");
  await put(
    "good/a.yaml",
    "\uFEFFid: A-1\r\ntitle: Do it\r\nlocks: [user-auth, read:db]\r\n---\r\nid: B\r\ntitle: Elsewhere\r\nrepo: acme/site\r\n",
  );
  await put("good/.draft.yaml", "id: ");
  await put("good/notes.txt", "id: ");
  await put("secret.yaml", "secret");
  await symlink("../secret.yaml", join(ada.folder, "good/link.yaml"));
  await mkdir(join(ada.folder, "good/folder.yaml"));
  await mkdir(join(ada.folder, "empty"));
});
afterAll(() => ada[Symbol.asyncDispose]());

describe.concurrent("validate", { timeout: 60_000 }, () => {
  test("shows each ticket of a folder, and how many there are", async () => {
    expect(await ada.ampx(["validate", "good", "good/a.yaml"])).toEqual({
      code: 0,
      stdout:
        "✅ A-1  Do it  priority 5  locks: user-auth, read:db\n✅ B  Elsewhere  priority 5\n✅ B  Then this  priority 1\n3 tickets, no problem\n",
      stderr: "",
    });
  });

  test("names every problem by its place, and ends with 1", async () => {
    await put("bad\u001B[2J.yaml", "id: X\ntitle: x\nprioritty: 1\nlocks: [../../etc]\n");
    await put("bytes.yaml", Uint8Array.of(0x69, 0xff));
    await put("tabs.yaml", "id: T\ntitle: x\nlocks:\n\t- a\n");
    await put(
      "self.yaml",
      "id: S\ntitle: Myself\ndependencies: [S]\n---\nid: R\ntitle: Round\ndependencies: [Q]\n---\nid: Q\ntitle: Round\ndependencies: [R]\n",
    );
    await put("huge.yaml", "");
    await truncate(join(ada.folder, "huge.yaml"), 10 * 1024 * 1024);
    const ended = await ada.ampx([
      "validate",
      "bad\u001B[2J.yaml",
      "bytes.yaml",
      "tabs.yaml",
      "self.yaml",
      "huge.yaml",
    ]);
    expect(ended).toMatchObject({ code: 1, stderr: "" });
    expect(ended.stdout.split("\n")).toEqual([
      "✅ Q  Round  priority 5",
      "✗ bad.yaml:3:1: unknown key prioritty; did you mean priority?",
      expect.stringMatching(/^✗ bad\.yaml:4:9: locks\[0\] must be letters, /),
      "✗ bytes.yaml:1:2: is not UTF-8 text",
      expect.stringMatching(/^✗ tabs\.yaml:4:1: .*[Tt]abs/),
      "✗ huge.yaml:1:1: has more than 1048576 bytes; a file of tickets may not",
      "✗ self.yaml:3:16: S depends on itself",
      "✗ self.yaml:7:16: dependencies in a circle: R → Q → R",
      "3 tickets, 7 problems",
      "",
    ]);
  });

  test("reads stdin, and answers in JSON", async () => {
    const ended = await ada.ampx(["validate", "-", "--json"], {
      stdin: "id: A\ntitle: x\ndependencies: [Z]\n",
    });
    expect(ended).toMatchObject({ code: 1, stderr: "" });
    expect(JSON.parse(ended.stdout)).toMatchObject({
      tickets: [{ id: "A", priority: 5 }],
      problems: [{ file: "stdin", line: 3, column: 16, message: "there is no ticket Z" }],
    });
  });

  test("says what is no ticket file at all", async () => {
    expect(await ada.ampx(["validate", "empty"])).toEqual({
      code: 3,
      stdout: "",
      stderr: "✗ empty holds no .yaml file\n  try: a folder of tickets, or a file\n",
    });
  });
});

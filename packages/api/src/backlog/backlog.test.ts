import { execFile } from "node:child_process";
import {
  chmod,
  chown,
  link,
  mkdir,
  readFile,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { TransientError, UserError } from "@ampx/core";
import { maxTicketBytes } from "@ampx/core/ticket/index";
import { describe, expect, test } from "vitest";
import { backlogStage, never } from "./backlog-fixture.ts";

describe("a backlog folder", () => {
  test("gives complete files to take, and moves them to processed or rejected with the reason", async () => {
    await using stage = await backlogStage((text) =>
      text.includes("bad")
        ? { is: "rejected", problems: "bad.yml:1:1: no\u001B[2J\nmore" }
        : { is: "taken" },
    );
    await stage.put("a10.yaml", "second");
    await stage.put("a9.yaml", "first");
    await stage.put("bad.yml");
    for (const name of [".hidden.yaml", "notes.txt", "c.yaml.tmp", "d.yaml~", ".e.yaml.swp"])
      await stage.put(name);
    const server = stage.server();
    expect(await server.scan(never)).toBe(1_000);
    expect(stage.taken).toEqual([]);
    stage.now += 1_000;
    expect(await server.scan(never)).toBe(Infinity);
    expect(stage.taken).toEqual([
      "backlog/a9.yaml first",
      "backlog/a10.yaml second",
      "backlog/bad.yml text of bad.yml",
    ]);
    expect(await stage.files()).toEqual([
      ".e.yaml.swp",
      ".hidden.yaml",
      "c.yaml.tmp",
      "d.yaml~",
      "notes.txt",
      "processed/a10.yaml",
      "processed/a9.yaml",
      "rejected/bad.yml",
      "rejected/bad.yml.error.txt",
    ]);
    expect(await readFile(join(stage.folder, "rejected/bad.yml.error.txt"), "utf8")).toBe(
      "This file was not taken:\n\nbad.yml:1:1: no[2J\nmore\n\nWhat to do: mend bad.yml and move it up into backlog/ again.\nTo look at it before that: ampx validate <file>\n",
    );
    expect(stage.reports).toEqual(["bad.yml is rejected; rejected/bad.yml.error.txt says why"]);
  });

  test("goes on when a file is removed, before it is taken and while it is", async () => {
    await using stage = await backlogStage(async (text) => {
      if (text.includes("during")) await rm(join(stage.folder, ".taking"), { recursive: true });
      return { is: "taken" };
    });
    const server = stage.server();
    for (const name of ["a-before.yaml", "b-during.yaml", "c-stays.yaml"]) await stage.put(name);
    await server.scan(never);
    await rm(join(stage.folder, "a-before.yaml"));
    stage.now += 1_000;
    await server.scan(never);
    await stage.settled(server);
    expect(stage.taken).toEqual([
      "backlog/b-during.yaml text of b-during.yaml",
      "backlog/c-stays.yaml text of c-stays.yaml",
    ]);
    expect(await stage.files()).toEqual(["processed/c-stays.yaml"]);
    expect(stage.reports).toEqual([
      "b-during.yaml is taken, but cannot be filed away: it is gone (ENOENT). It is tried again",
    ]);
  });

  test("waits as long as a file is written to, and until an empty one has content", async () => {
    await using stage = await backlogStage();
    const server = stage.server();
    await stage.put("grows.yaml", "a");
    await stage.put("empty.yaml", "");
    await server.scan(never);
    stage.now += 900;
    await stage.put("grows.yaml", "a and b");
    expect(await server.scan(never)).toBe(100);
    stage.now += 900;
    // Another file of the same size in its place.
    await writeFile(join(stage.outer, "other"), "a and c");
    await rename(join(stage.outer, "other"), join(stage.folder, "grows.yaml"));
    await server.scan(never);
    expect(stage.taken).toEqual([]);
    await stage.settled(server);
    await stage.settled(server);
    expect(stage.taken).toEqual(["backlog/grows.yaml a and c"]);
    expect(stage.reports).toEqual(["empty.yaml is empty; its content is waited for"]);
    await stage.put("empty.yaml", "now");
    await stage.settled(server);
    expect(stage.taken).toHaveLength(2);
  });

  test("overwrites nothing: a name that is there gets a number", async () => {
    await using stage = await backlogStage((text) =>
      text === "bad" ? { is: "rejected", problems: "no" } : { is: "taken" },
    );
    const server = stage.server();
    const long = `${"ü".repeat(125)}.yaml`;
    for (const text of ["one", "two", "three", "bad", "bad"]) {
      await stage.put("x.yaml", text);
      await stage.put(long, text);
      await stage.settled(server);
    }
    const cut = (length: number, end: string) => `${"ü".repeat(length)}${end}`;
    expect(await stage.files()).toEqual(
      [
        "processed/x.yaml",
        "processed/x-2.yaml",
        "processed/x-3.yaml",
        "rejected/x.yaml",
        "rejected/x.yaml.error.txt",
        "rejected/x-2.yaml",
        "rejected/x-2.yaml.error.txt",
        `processed/${cut(120, ".yaml")}`,
        `processed/${cut(119, "-2.yaml")}`,
        `processed/${cut(119, "-3.yaml")}`,
        `rejected/${cut(120, ".yaml")}`,
        `rejected/${cut(120, ".yaml.error.txt")}`,
        `rejected/${cut(119, "-2.yaml")}`,
        `rejected/${cut(119, "-2.yaml.error.txt")}`,
      ].toSorted(),
    );
    expect(await readFile(join(stage.folder, "processed/x.yaml"), "utf8")).toBe("one");
    expect(await readFile(join(stage.folder, "processed/x-2.yaml"), "utf8")).toBe("two");
  });

  test("takes hundreds of files at once", async () => {
    await using stage = await backlogStage();
    for (let at = 0; at < 200; at++) await stage.put(`${at}.yaml`);
    await stage.settled(stage.server());
    expect(stage.taken).toHaveLength(200);
    expect((await stage.files()).filter((file) => file.startsWith("processed/"))).toHaveLength(200);
  });

  test("puts a file back that must wait, and tries it once another one was taken", async () => {
    await using stage = await backlogStage();
    stage.answer = (text) =>
      text === "needs b" && !stage.taken.some((one) => one.endsWith("is b"))
        ? { is: "waiting", reason: "there is no ticket b" }
        : { is: "taken" };
    const server = stage.server();
    await stage.put("a.yaml", "needs b");
    expect(await stage.settled(server)).toBe(10_000);
    expect(await stage.files()).toEqual(["a.yaml"]);
    expect(await server.scan(never)).toBe(10_000);
    stage.now += 10_000;
    await server.scan(never);
    expect(stage.taken).toHaveLength(2);
    await stage.put("b.yaml", "is b");
    await stage.settled(server);
    await server.scan(never);
    expect(await stage.files()).toEqual(["processed/a.yaml", "processed/b.yaml"]);
    expect(stage.reports).toEqual(["a.yaml waits: there is no ticket b"]);
  });
});

describe("what is no file of tickets", () => {
  test("is rejected without being followed, waited for or read", async () => {
    await using stage = await backlogStage();
    await writeFile(join(stage.outer, "secret.yaml"), "secret");
    await symlink("../secret.yaml", join(stage.folder, "link.yaml"));
    await symlink("../nowhere\u001B[2J", join(stage.folder, "dangling.yaml"));
    await symlink("..", join(stage.folder, "out.yaml"));
    await promisify(execFile)("mkfifo", [join(stage.folder, "pipe.yaml")]);
    await writeFile(join(stage.folder, "huge.yaml"), "");
    await truncate(join(stage.folder, "huge.yaml"), 10 * maxTicketBytes);
    await mkdir(join(stage.folder, "folder.yaml"));
    const server = stage.server();
    await stage.settled(server);
    await server.scan(never);
    expect(stage.taken).toEqual([]);
    const names = ["dangling", "huge", "link", "out", "pipe"].map(
      (name) => `rejected/${name}.yaml`,
    );
    expect(await stage.files()).toEqual(names.flatMap((name) => [name, `${name}.error.txt`]));
    const why = async (name: string) =>
      (await readFile(join(stage.folder, `rejected/${name}.yaml.error.txt`), "utf8")).split(
        "\n",
      )[2];
    expect(await why("link")).toBe(
      "It is a symbolic link, to ../secret.yaml. Links are not followed: put the file itself here.",
    );
    expect(await why("dangling")).toContain("to ../nowhere [2J.");
    expect(await why("pipe")).toBe("It is not a file. A ticket is a text file in YAML.");
    expect(await why("huge")).toBe(
      `It has ${10 * maxTicketBytes} bytes; a file of tickets may have ${maxTicketBytes}.`,
    );
    expect(await readFile(join(stage.outer, "secret.yaml"), "utf8")).toBe("secret");
    expect(stage.reports.filter((line) => line.includes("folder.yaml"))).toEqual([
      "folder.yaml is a folder; only files beside it are looked at",
    ]);
  });

  test("may have any name, which is shown on one line", async () => {
    await using stage = await backlogStage(() => ({ is: "rejected", problems: "no" }));
    await stage.put("a\n\u001B[2Jb \u202Ec.yaml", "x");
    await stage.put("-rf.yaml", "x");
    await stage.put("日本 ‘’.yaml", "x");
    await writeFile(
      Buffer.concat([
        Buffer.from(`${stage.folder}/`),
        Buffer.from([0xff, 0xfe]),
        Buffer.from(".yaml"),
      ]),
      "x",
    );
    await stage.settled(stage.server());
    expect(stage.taken).toEqual([
      "backlog/-rf.yaml x",
      "backlog/a [2Jb c.yaml x",
      "backlog/日本 ‘’.yaml x",
    ]);
    expect(
      stage.reports.every((line) => !/[\p{Cc}\p{Cf}]/u.test(line)),
      stage.reports.join("\n"),
    ).toBe(true);
    expect(stage.reports).toContain("the name of \uFFFD\uFFFD.yaml is not UTF-8 text: rename it");
    expect(await stage.files()).toContain("rejected/a\n\u001B[2Jb \u202Ec.yaml.error.txt");
  });
});

describe("trouble", () => {
  test("with the store leaves the file to its home, is told once, and is tried again more and more seldom", async () => {
    await using stage = await backlogStage(() => {
      throw new TransientError("the database is locked");
    });
    await stage.put("a.yaml");
    const server = stage.server();
    await stage.settled(server);
    const rests = [];
    for (let at = 0; at < 50; at++) {
      stage.now += 5_000;
      rests.push(await server.scan(never));
    }
    expect(stage.reports).toEqual([
      "a.yaml cannot be taken yet: the database is locked. It is tried again",
    ]);
    // After 10, 20, 40, 80 and 80 s.
    expect(stage.taken).toHaveLength(6);
    stage.answer = () => ({ is: "taken" });
    stage.now += 80_000;
    await server.scan(never);
    expect(await stage.files()).toEqual(["processed/a.yaml"]);
  });

  test("that take tells a person is the reason for which the file is rejected", async () => {
    await using stage = await backlogStage(() => {
      throw new UserError("There is no agent clod", { tryThis: "claude" });
    });
    await stage.put("a.yaml");
    await stage.settled(stage.server());
    expect(await readFile(join(stage.folder, "rejected/a.yaml.error.txt"), "utf8")).toContain(
      "There is no agent clod\nTry: claude\n",
    );
  });

  test("with filing away does not take the ticket again, and is told once", async () => {
    await using stage = await backlogStage();
    const server = stage.server();
    const processed = join(stage.folder, "processed");
    stage.answer = async () => {
      await rm(processed, { recursive: true });
      await writeFile(processed, "in the way");
      return { is: "taken" };
    };
    await stage.put("a.yaml");
    await stage.settled(server);
    for (let at = 0; at < 5; at++) {
      stage.now += 80_000;
      await server.scan(never);
    }
    expect(stage.taken).toHaveLength(1);
    expect(stage.reports).toHaveLength(2);
    expect(stage.reports[0]).toContain("a.yaml is taken, but cannot be filed away: ");
    expect(stage.reports[1]).toContain("nothing is taken: ");
    await rm(processed);
    await stage.settled(server);
    expect(await stage.files()).toEqual(["processed/a.yaml"]);
    expect(stage.taken).toHaveLength(1);
  });

  test("with the reason's file is over without a second copy", async () => {
    await using stage = await backlogStage(() => ({ is: "rejected", problems: "no" }));
    const server = stage.server();
    await mkdir(join(stage.folder, "rejected/a.yaml.error.txt"), { recursive: true });
    await stage.put("a.yaml");
    await stage.settled(server);
    expect(stage.reports).toEqual([
      "a.yaml is rejected, but cannot be filed away: the system refuses (ERR_FS_EISDIR). It is tried again",
    ]);
    await rm(join(stage.folder, "rejected/a.yaml.error.txt"), { recursive: true });
    stage.now += 10_000;
    await stage.settled(server);
    expect(await stage.files()).toEqual(["rejected/a.yaml", "rejected/a.yaml.error.txt"]);
    expect(stage.taken).toHaveLength(1);
  });

  test("with links that lead out of the backlog takes nothing", async () => {
    await using stage = await backlogStage();
    const away = join(stage.outer, "away");
    await mkdir(away);
    for (const name of [".taking", "processed", "rejected"]) {
      const server = stage.server();
      await symlink(away, join(stage.folder, name));
      await stage.put("a.yaml");
      await stage.settled(server);
      expect(stage.reports.splice(0), name).toEqual([
        `nothing is taken: ${stage.folder}/${name} is not a folder; try: move it away`,
      ]);
      await rm(join(stage.folder, name));
    }
    const real = join(stage.outer, "real");
    await rename(stage.folder, real);
    await symlink(real, stage.folder);
    await stage.settled(stage.server());
    expect(stage.reports.splice(0)).toEqual([
      `nothing is taken: ${stage.folder} is not a folder; try: move it away`,
    ]);
    expect(stage.taken).toEqual([]);
  });

  test("is over when the folder comes, goes and comes again", async () => {
    await using stage = await backlogStage();
    const server = stage.server();
    await rm(stage.folder, { recursive: true });
    await stage.settled(server);
    await writeFile(stage.folder, "a file");
    await stage.settled(server);
    await rm(stage.folder);
    for (let round = 0; round < 2; round++) {
      await mkdir(stage.folder);
      await stage.put("a.yaml");
      await stage.settled(server);
      expect(await stage.files()).toEqual(["processed/a.yaml"]);
      await rm(stage.folder, { recursive: true });
      await stage.settled(server);
    }
    expect(stage.reports).toHaveLength(1);
    expect(stage.taken).toHaveLength(2);
  });

  test("with rights is said, and is over with them", async () => {
    await using stage = await backlogStage();
    await using _nobody = await notRoot(stage.outer);
    const server = stage.server();
    await stage.put("a.yaml");
    await stage.put("b.yaml");
    await chmod(join(stage.folder, "b.yaml"), 0);
    await chmod(stage.folder, 0o555);
    await stage.settled(server);
    await stage.settled(server);
    expect(stage.taken).toEqual([]);
    expect(stage.reports.splice(0)).toEqual([
      "a.yaml cannot be taken: ampx has no right to (EACCES)",
      "b.yaml cannot be taken: ampx has no right to (EACCES)",
    ]);
    await chmod(stage.folder, 0);
    await stage.settled(server);
    await stage.settled(server);
    expect(stage.reports.splice(0)).toEqual(["nothing is taken: ampx has no right to (EACCES)"]);
    await chmod(stage.folder, 0o755);
    await stage.settled(server);
    expect(await stage.files()).toEqual([
      "processed/a.yaml",
      "rejected/b.yaml",
      "rejected/b.yaml.error.txt",
    ]);
  });
});

describe("what an earlier process left half-way", () => {
  test("is gone on with by its own home only; another one says after a while who holds it", async () => {
    await using stage = await backlogStage();
    await mkdir(join(stage.folder, ".taking/home-1/file-x"), { recursive: true });
    await writeFile(join(stage.folder, ".taking/home-1/file-x/a.yaml"), "text");
    const other = stage.server("home-2");
    await stage.settled(other);
    expect(stage.reports).toEqual([]);
    stage.now += 100_000;
    await other.scan(never);
    await other.scan(never);
    expect(stage.taken).toEqual([]);
    expect(stage.reports).toEqual([
      ".taking/home-1/file-x/a.yaml is held by the server of another home. When that one is gone for good, move the file back into the backlog",
    ]);
    await stage.settled(stage.server("home-1"));
    expect(stage.taken).toEqual(["backlog/a.yaml text"]);
    expect(await stage.files()).toEqual(["processed/a.yaml"]);
  });

  test("is not taken again when it lies in processed already", async () => {
    await using stage = await backlogStage();
    const claim = join(stage.folder, ".taking/home-1/file-x");
    await mkdir(claim, { recursive: true });
    await writeFile(join(claim, "a.yaml"), "text");
    await mkdir(join(stage.folder, "processed"));
    await link(join(claim, "a.yaml"), join(stage.folder, "processed/a-7.yaml"));
    await stage.settled(stage.server());
    expect(stage.taken).toEqual([]);
    expect(await stage.files()).toEqual(["processed/a-7.yaml"]);
  });

  test("is judged anew when it was being rejected, and lies in one place afterwards", async () => {
    for (const [answer, expected] of [
      [{ is: "taken" }, ["processed/a.yaml"]],
      [{ is: "rejected", problems: "still" }, ["rejected/a.yaml", "rejected/a.yaml.error.txt"]],
    ] as const) {
      await using stage = await backlogStage(() => answer);
      const claim = join(stage.folder, ".taking/home-1/file-x");
      await mkdir(claim, { recursive: true });
      await mkdir(join(stage.folder, "rejected"));
      await writeFile(join(claim, "a.yaml"), "text");
      await link(join(claim, "a.yaml"), join(stage.folder, "rejected/a.yaml"));
      await writeFile(join(stage.folder, "rejected/a.yaml.error.txt"), "half");
      await stage.settled(stage.server());
      expect(await stage.files()).toEqual(expected);
    }
  });

  test("is swept when nothing is left of it", async () => {
    await using stage = await backlogStage();
    const claim = join(stage.folder, ".taking/home-1/file-x");
    await mkdir(claim, { recursive: true });
    await stage.settled(stage.server());
    await expect(readFile(claim)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

/** Nobody refuses root anything: a user without rights for as long as it is held, who owns the folder. */
async function notRoot(folder: string): Promise<AsyncDisposable> {
  if (process.geteuid?.() !== 0) return { async [Symbol.asyncDispose]() {} };
  const nobody = 65_534;
  await chmod(dirname(folder), 0o711);
  for (const path of [folder, join(folder, "backlog")]) await chown(path, nobody, nobody);
  process.seteuid?.(nobody);
  return {
    async [Symbol.asyncDispose]() {
      process.seteuid?.(0);
    },
  };
}

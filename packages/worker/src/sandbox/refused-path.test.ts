import { expect, test } from "vitest";
import type { Access } from "./access-plan.ts";
import { refusedPaths } from "./refused-path.ts";

const accesses: Record<string, Access> = {
  "/tree": "writable",
  "/tmp": "scratch",
  "/srv/kim/.ssh": "hidden",
};

function accessOf(path: string): Access {
  const holder = Object.keys(accesses).find((folder) => `${path}/`.startsWith(`${folder}/`));
  return holder === undefined ? "readable" : (accesses[holder] ?? "readable");
}

test.each([
  ["touch: cannot touch '/etc/x': Read-only file system", "/etc/x"],
  ["mkdir: cannot create directory ‘/opt/a b’: Read-only file system", "/opt/a b"],
  ["/bin/sh: 1: cannot create /etc/x: Read-only file system", "/etc/x"],
  ["bash: line 3: /etc/x: Read-only file system", "/etc/x"],
  [
    "Error: EROFS: read-only file system, open '/srv/kim/.npm/_cacache/tmp/a'",
    "/srv/kim/.npm/_cacache/tmp/a",
  ],
  ["EROFS: read-only file system, rename '/tree/a' -> '/srv/kim/b'", "/srv/kim/b"],
  ["EROFS: read-only file system, rename '/srv/kim/b' -> '/tree/a'", "/srv/kim/b"],
  ["OSError: [Errno 30] Read-only file system: '/srv/kim/.cache/pip'", "/srv/kim/.cache/pip"],
  ["open /go/pkg/mod/cache/lock: read-only file system", "/go/pkg/mod/cache/lock"],
  [
    "error: failed to open `/srv/kim/.cargo/.package-cache`: Read-only file system (os error 30)",
    "/srv/kim/.cargo/.package-cache",
  ],
  [
    String.raw`{"content":"1\ntouch: cannot touch '/etc/x': Read-only file system\n/usr"}`,
    "/etc/x",
  ],
])("%s: names what to make writable", (line, path) => {
  expect(new Set(refusedPaths(line, accessOf).map((found) => JSON.stringify(found)))).toEqual(
    new Set([JSON.stringify({ path, key: "sandbox.writable" })]),
  );
});

test("names what is hidden where it is missed", () => {
  const line = "cat: /srv/kim/.ssh/id_rsa: No such file or directory";
  expect(refusedPaths(line, accessOf)).toEqual([
    { path: "/srv/kim/.ssh/id_rsa", key: "sandbox.readable" },
  ]);
});

test.each([
  "cat: /tree/a.txt: No such file or directory",
  "ls: cannot access '/etc/nothing': No such file or directory",
  "touch: cannot touch '/tree/a': Read-only file system",
  "touch: cannot touch 'a': Read-only file system",
  "see https://example.org/read-only file system",
  "bash: /etc/shadow: Permission denied",
])("%s: is not the sandbox's doing, or says no path", (line) => {
  expect(refusedPaths(line, accessOf)).toEqual([]);
});

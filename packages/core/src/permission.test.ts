import { posix } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { judgePermission, type PermissionPolicy } from "./permission.ts";

const worktree = "/srv/kim/trees/task";
const writable = ["/tmp/turn"];

test.each<[command: string, outside: string | undefined]>([
  ["npm test", undefined],
  ["cat /etc/passwd | head -1", undefined],
  ["/usr/bin/python3 -m pytest", undefined],
  ["grep -rn 'x > y' /usr/include > found.txt", undefined],
  ["ls ~/.cargo && cp ~/.cargo/config.toml .", undefined],
  ["make 2>&1 >/dev/null", undefined],
  ["make &> /tmp/turn/make.log", undefined],
  ["rm -rf build ./dist", undefined],
  ["rm -rf /srv/kim/trees/task/build", undefined],
  ["mkdir -p a/b/../c", undefined],
  ["git commit -m 'rm -rf /etc; cp a /usr/bin'", undefined],
  [
    "cat > install.sh <<'EOF'\ncp ampx /usr/local/bin\nrm -rf /opt/ampx\nEOF\nchmod +x install.sh",
    undefined,
  ],
  ["cat <<-A <<B > x\n\tA\nB\necho", undefined],
  ["cat <<< 'a' > b", undefined],
  ["# rm -rf /\nls", undefined],
  ["echo rm -rf /", undefined],
  ["rm $FILE `which node`", undefined],
  ["cd $FOLDER && rm -rf x", undefined],
  ["cd src && rm -rf ../build", undefined],
  ['test 1 -lt 2 && echo "a > /b"', undefined],
  ['for f in *; do touch "$f.bak"; done', undefined],
  ["echo hi > /etc/motd", "/etc/motd"],
  ["echo hi >>/etc/motd", "/etc/motd"],
  ["make 2> '/var/log/my make.log'", "/var/log/my make.log"],
  ["echo hi >| ~/notes", "~/notes"],
  ["rm -rf /", "/"],
  ["rm -rf ~", "~"],
  ["rm -rf $HOME/.cache", "~/.cache"],
  ["rm -rf ../other", "/srv/kim/trees/other"],
  ["rm -rf /srv/kim/trees/task2", "/srv/kim/trees/task2"],
  ["cp a.txt /usr/local/bin/a", "/usr/local/bin/a"],
  ["cd /tmp && rm -rf x", "/tmp/x"],
  ["cd /tmp/turn && rm -rf ../x", "/tmp/x"],
  ["cd; touch x", "~/x"],
  ["sudo -n rm /etc/x", "/etc/x"],
  ["A=1 env B=2 tee /etc/x < y", "/etc/x"],
  ['if true; then rm "/etc/x"; fi', "/etc/x"],
  ["(cd src; mv a.txt /opt/a)", "/opt/a"],
  ["ls\nmv /opt/a .", "/opt/a"],
  ["sed -i 's/a/b/' /etc/hosts", "/etc/hosts"],
  ["sed 's/a/b/' /etc/hosts", undefined],
  ["dd if=/dev/zero of=/dev/sda", "/dev/sda"],
  ["bash -c 'rm -rf /opt/x'", "/opt/x"],
  ["/bin/rm -rf /opt/x", "/opt/x"],
  ['ln -s "$PWD" /opt/x', "/opt/x"],
])("of the command line %j outside is %j", (input, outside) => {
  const answer = judgePermission(
    { tool: "Bash", input, paths: [] },
    { policy: "worktree", worktree, writable },
  );
  expect(answer).toEqual(
    outside === undefined
      ? { is: "allowed" }
      : {
          is: "denied",
          why: `${outside} lies outside of what this task may use: ${worktree} and /tmp/turn`,
        },
  );
});

test.each<[path: string, inside: boolean]>([
  ["a.txt", true],
  ["./a/../b.txt", true],
  [".", true],
  [worktree, true],
  [`${worktree}/`, true],
  ["/tmp/turn/x", true],
  ["../x", false],
  ["a/../../x", false],
  [`${worktree}/../x`, false],
  [`${worktree}-2/x`, false],
  ["/etc/passwd", false],
  ["~/x", false],
  ["~root/x", false],
  ["~/../../tmp/turn", false],
])("whether a tool may use the file %j: %j", (path, inside) => {
  const input = JSON.stringify({ file_path: path, content: "rm -rf / > /etc/passwd" });
  const answer = judgePermission(
    { tool: "Write", input, paths: ["ok.txt", path] },
    { policy: "worktree", worktree, writable },
  );
  expect(answer).toMatchObject({ is: inside ? "allowed" : "denied" });
});

test("a person is asked, with the reason, or everything is allowed", () => {
  const judged = (policy: PermissionPolicy, path: string) =>
    judgePermission(
      { tool: "Write", input: "{}", paths: [path] },
      { policy, worktree, writable: [] },
    );
  expect(judged("ask", "/etc/x")).toBe(
    `/etc/x lies outside of what this task may use: ${worktree}`,
  );
  expect(judged("ask", "x")).toEqual({ is: "allowed" });
  expect(judged("all", "/etc/x")).toEqual({ is: "allowed" });
});

const part = fc.constantFrom("..", ".", "", "a", "task", "work", "kim", "home", "tmp", "turn");
const path = fc
  .tuple(fc.boolean(), fc.array(part, { maxLength: 8 }))
  .map(([whole, parts]) => `${whole ? "/" : ""}${parts.join("/")}`);

test("a name means what the file system would make of it", () => {
  fc.assert(
    fc.property(path, (name) => {
      const is = isInside(posix.resolve(worktree, name)) ? "allowed" : "denied";
      const byTool = { tool: "Write", input: "{}", paths: [name] };
      const byCommand = { tool: "Bash", input: `touch '${name}'`, paths: [] };
      const byOutput = { tool: "Bash", input: `echo "\\"x" >"${name}"`, paths: [] };
      for (const request of [byTool, byCommand, byOutput])
        expect(judgePermission(request, { policy: "worktree", worktree, writable })).toMatchObject({
          is,
        });
    }),
  );
});

test("any text is judged, in time that grows with its length", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom(..."a/~.$ \"'\\\n;|&<>(){}#-E".split("")) }),
      (input) => {
        judgePermission(
          { tool: "Bash", input, paths: [] },
          { policy: "worktree", worktree, writable },
        );
      },
    ),
  );
  const begin = performance.now();
  for (const unit of ["'", '"', "\\", "<<a\n", ">", "a ", "((", "rm /x;", '"a'])
    judgePermission(
      { tool: "Bash", input: unit.repeat(20_000), paths: [] },
      { policy: "worktree", worktree, writable },
    );
  expect(performance.now() - begin).toBeLessThan(20_000);
});

function isInside(resolved: string): boolean {
  return [worktree, ...writable].some(
    (folder) => !posix.relative(folder, resolved).startsWith(".."),
  );
}

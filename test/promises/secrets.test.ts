import { readdirSync, readFileSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { homePaths } from "@ampx/core";
import { secretPatterns } from "@ampx/core/redact-patterns";
import { expect, test } from "vitest";
import { serve, type Served } from "../world/serve.ts";
import { makeWorld, type World } from "../world/world.ts";

// Secrets that agents and CI print are nowhere afterwards: not in the database, a log, an answer or a command line.

const letters = "aB3dE6gH9jK2mN5pQ8sT1vW4xY7zC0fR";
/** Looks drawn by chance, is the same at every run, and another at every call. */
let draws = 1;
const drawn = (length: number, alphabet = letters) => {
  let state = draws++;
  const next = () => (state = (state * 48_271) % 2_147_483_647);
  return Array.from({ length }, () => alphabet[(next() >> 8) % alphabet.length]).join("");
};
const keyLines = [drawn(64), drawn(64, `${letters}+/`)];
const password = drawn(18);

/** One of each documented form: what is printed, and the part of it that nobody may see. */
const samples: Record<string, { text: string; secret: string }> = {
  "private-key": {
    text: ["-----BEGIN RSA PRIVATE KEY-----", ...keyLines, "-----END RSA PRIVATE KEY-----"].join(
      "\n",
    ),
    secret: keyLines[1] ?? "",
  },
  "github-token": plain(`ghp_${drawn(36)}`),
  "sourcegraph-token": plain(`sgamp_user_${drawn(40)}`),
  "anthropic-key": plain(`sk-ant-${drawn(40)}`),
  "openai-key": plain(`sk-proj-${drawn(40)}`),
  "aws-key": plain(`AKIA${drawn(16, "ABCDEFGH234567")}`),
  "aws-secret": after("aws_secret_access_key = ", drawn(40)),
  "slack-token": plain(`xoxb-${drawn(24)}`),
  "npm-token": plain(`npm_${drawn(36)}`),
  "gitlab-token": plain(`glpat-${drawn(20)}`),
  "google-key": plain(`AIza${drawn(35)}`),
  jwt: plain(`eyJ${drawn(20)}.eyJ${drawn(40)}.${drawn(30)}`),
  "url-password": { text: `postgres://app:${password}@db.example.org/app`, secret: password },
  authorization: after("Authorization: Bearer ", drawn(32)),
  assignment: after("password = ", drawn(26)),
};

const keys = {
  AMP_API_KEY: `amp-${drawn(30)}`,
  // Neither its name nor its form tells that it is secret; the configuration does.
  DEPLOY_PHRASE: "correct horse of the north",
};

test("every documented form of a secret has a sample here", () => {
  expect(Object.keys(samples).toSorted()).toEqual(
    [...new Set(secretPatterns.map(({ kind }) => kind))].toSorted(),
  );
});

test("secrets that an agent and CI print are in no file, answer, event or command line", async () => {
  const texts = Object.values(samples).map(({ text }) => text);
  const slowly =
    "while IFS= read -r line; do printf '%s\\n' \"$line\"; sleep 0.02; done < ../../../secrets";
  await using world = await makeWorld({
    turns: ["41", "42"].map((answer) => [
      { say: [...texts, ...Object.values(keys)].join("\n") },
      { run: `cat ../../../secrets; cat ../../../secrets >&2; ${slowly}` },
      { write: "answer", content: `${answer}\n` },
    ]),
    ci: 'cat "$WORLD_ROOT/secrets"; cat "$WORLD_ROOT/secrets" >&2; grep -qx 42 answer',
  });
  await writeFile(
    homePaths(world.home).home + "/config.yaml",
    "secret_env: [DEPLOY_PHRASE]\nci: { check_base: false }\n",
  );
  await using ampx = await serve(world, keys);
  const token = (await readFile(homePaths(world.home).token, "utf8")).trim();
  const printed = [...texts, ...Object.values(keys), token];
  await writeFile(join(world.root, "secrets"), `${printed.join("\n")}\n`);
  const secrets = new Map([
    ...Object.entries(samples).map(([kind, { secret }]) => [kind, secret] as const),
    ...Object.entries(keys),
    ["the API's token", token],
  ]);
  const found = new Set<string>();
  const lookIn = (where: string, text: string) => {
    for (const [name, secret] of secrets)
      if (text.includes(secret)) found.add(`${name} in ${where}`);
  };

  const sampling = setInterval(() => lookIn("a command line", commandLines()), 20);
  const id = await ampx.startTask("Answer with 42.");
  const { state } = await world.until(id, (row) => row.state.phase.name === "ready");
  expect(state.spent.attempts, "CI was red once").toBe(2);

  for (const [what, answer] of await everyAnswer(ampx, id)) lookIn(what, answer);
  clearInterval(sampling);
  // Both while the server has the database open, with its log of changes beside it, and after its end.
  await lookInFiles(world, lookIn);
  await ampx.ampx(["stop"]);
  await lookInFiles(world, lookIn);
  expect([...found]).toEqual([]);
  // Or it looked in the wrong place.
  expect(
    await readFile(join(world.root, "project/ci-status", `${state.pushed}.log`), "utf8"),
  ).toContain("[redacted");
  expect(await readFile(join(homePaths(world.home).logs, id, "turn-1.log"), "utf8")).toContain(
    "[redacted",
  );
});

test("a text that holds a secret is refused with its field named, by the API and by every command", async () => {
  await using world = await makeWorld({ turns: [[{ say: "I begin." }, { hang: true }]] });
  await writeFile(homePaths(world.home).home + "/config.yaml", "secret_env: [DEPLOY_PHRASE]\n");
  await using ampx = await serve(world, keys);
  const token = (await readFile(homePaths(world.home).token, "utf8")).trim();
  const id = await ampx.startTask("Answer with 42.");
  const all = [...Object.values(samples).map(({ text }) => text), ...Object.values(keys), token];
  for (const secret of all) {
    const prompt = `Use this:\n${secret}\nand answer.`;
    const asked = [
      ["/tasks", "POST", { repo: world.repo, prompt }, "prompt"],
      [
        "/tasks",
        "POST",
        { repo: world.repo, prompt: "x", title: secret.split("\n").at(-1) },
        "title",
      ],
      [`/tasks/${id}`, "PATCH", { action: "continue", prompt }, "prompt"],
    ] as const;
    for (const [path, method, body, field] of asked) {
      // The last line of a private key is no secret.
      if (field === "title" && secret.includes("\n")) continue;
      const response = await ampx.fetch(path, { method, body: JSON.stringify(body) });
      const answer = await response.text();
      expect(response.status, `${method} ${secret}`).toBe(422);
      expect(JSON.parse(answer)).toMatchObject({ errors: [{ field }] });
      expect(answer).not.toContain(secret);
    }
  }
  for (const args of [
    ["start", "--repo", world.repo, "--task", `Use ${keys.DEPLOY_PHRASE}.`],
    ["continue", id, "-m", `Use ${token}.`],
  ]) {
    const { code, stderr, stdout } = await ampx.ampx(args);
    expect(code, args[0]).toBe(2);
    expect(stderr).toContain("prompt holds a secret");
    expect(stderr + stdout).not.toContain(args.at(-1)?.slice(4, -1));
  }
  expect((await world.store.listTasks({ limit: 10 })).total).toBe(1);
  expect((await world.until(id, () => true)).state.requests.words).toEqual([]);
});

test("a secret and a big binary that an agent adds are held, and shown without the secret", async () => {
  const { secret } = samples["aws-key"] ?? { secret: "" };
  await using world = await makeWorld({
    turns: [
      [
        {
          write: "config.js",
          content: `export const region = "eu";\nexport const key = "${secret}";\n`,
        },
        { write: "deploy.sh", content: `login --phrase '${keys.DEPLOY_PHRASE}'\n` },
        { run: "head -c 2000000 /dev/urandom > model.bin" },
        { write: "answer", content: "42\n" },
        { say: "It is configured." },
      ],
    ],
  });
  await writeFile(homePaths(world.home).home + "/config.yaml", "secret_env: [DEPLOY_PHRASE]\n");
  await using ampx = await serve(world, keys);
  const id = await ampx.startTask("Answer with 42.");
  const { state } = await world.until(id, (row) => row.state.phase.name === "needs_review");
  expect(state.phase).toMatchObject({ reason: "held" });
  expect(state.findings).toMatchObject([
    { rule: "secrets_added", file: "config.js", line: 2, verdict: "hold" },
    { rule: "secrets_added", file: "deploy.sh", line: 1, verdict: "hold" },
    { rule: "big_files_added", file: "model.bin", verdict: "hold" },
  ]);
  expect(await world.movesOf(state.task.branch)).toBe(0);

  const { stdout } = await ampx.ampx(["show", id]);
  expect(stdout).toContain("model.bin  1954 KiB");
  expect(stdout).toContain('config.js:2  aws-key: export const key = "[redacted:aws-key]";');
  expect(stdout).toContain("deploy.sh:1  known value: login --phrase '[redacted]'");
  const answers = [
    stdout,
    await (await ampx.fetch(`/tasks/${id}`)).text(),
    await (await ampx.fetch("/tasks")).text(),
    JSON.stringify(await world.store.newestEvents(id, 100)),
  ];
  for (const answer of answers)
    for (const value of [secret, keys.DEPLOY_PHRASE]) expect(answer).not.toContain(value);
});

function plain(secret: string) {
  return { text: secret, secret };
}

function after(before: string, secret: string) {
  return { text: before + secret, secret };
}

/** What clients can ask for about the task. */
async function everyAnswer(ampx: Served, id: string): Promise<[string, string][]> {
  const answers: [string, string][] = [];
  for (const path of ["/tasks", `/tasks/${id}`, `/tasks/${id}/logs`, "/status"])
    answers.push([`GET ${path}`, await (await ampx.fetch(path)).text()]);
  answers.push(["its events", await events(ampx, id)]);
  for (const args of [["ls"], ["show", id], ["logs", id], ["status"]])
    for (const how of [[], ["--json"]]) {
      const { stdout, stderr } = await ampx.ampx([...args, ...how]);
      answers.push([`ampx ${args[0]} ${how.join("")}`, stdout + stderr]);
    }
  return answers;
}

/** The task's events as the API streams them, up to the last that is there. */
async function events(ampx: Served, id: string): Promise<string> {
  const response = await ampx.fetch(`/tasks/${id}/events`);
  let told = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    told += decoder.decode(chunk, { stream: true });
    if (told.includes("change_opened")) break;
  }
  return told;
}

/** Everything under the home but the token's own file, and what CI leaves beside the repository. */
async function lookInFiles(world: World, lookIn: (where: string, text: string) => void) {
  const { home, token } = homePaths(world.home);
  for (const folder of [home, join(world.root, "project/ci-status")]) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    for (const entry of entries.filter((one) => one.isFile())) {
      const file = join(entry.parentPath, entry.name);
      if (file === token) continue;
      // The database's files come and go with its last connection.
      lookIn(file.slice(world.root.length + 1), await readFile(file, "latin1").catch(() => ""));
    }
  }
}

function commandLines(): string {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, "utf8");
      } catch {
        // It ended since the folder was listed.
        return "";
      }
    })
    .join("\n");
}

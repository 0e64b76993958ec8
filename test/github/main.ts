import { parseArgs } from "node:util";
import { startGitHub } from "./github.ts";

// A GitHub on this machine until Ctrl-C, with one repository whose jobs are really run.

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "4000" },
    socket: { type: "string" },
    repository: { type: "string", default: "acme/shop" },
    hook: { type: "string" },
    secret: { type: "string", default: "secret" },
  },
});

const workflow = `name: CI
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: sh ci.sh
`;

await using github = await startGitHub({
  port: Number(values.port),
  ...(values.socket !== undefined && { socket: values.socket }),
});
github.plan({}, { execute: true });
const repository = await github.createRepository(values.repository, {
  files: {
    "README.md": "# A repository\n",
    "ci.sh": "exit 0\n",
    ".github/workflows/ci.yml": workflow,
  },
});
if (values.hook !== undefined) github.addHook({ url: values.hook, secret: values.secret });
const [login = ""] = values.repository.split("/");
const token = github.createToken({ login });

console.log(`GitHub:      ${github.url}
API:         ${github.apiUrl}
repository:  ${repository.cloneUrl}
token:       ${token}`);

await new Promise((resolve) => {
  process.once("SIGINT", resolve);
  process.once("SIGTERM", resolve);
});

/** A `ci.sh` that runs the tests where it finds how, and otherwise says what to put there. */
export const ciScript = `#!/bin/sh
# Judges one commit: exit code 0 is green, anything else is red. Called as
#   ci.sh <repository> <ref> <commit>
# in a clean checkout of the commit. What it prints goes back to the agent when it is red, so let it name what is wrong.
set -eu

if [ -f package.json ]; then
  npm ci --no-audit --no-fund
  npm test
elif [ -f Makefile ]; then
  make test
else
  echo "ci.sh has no test to run yet: write into it how this project is tested" >&2
  exit 1
fi
`;

/** What to do with the folder, for whoever opens it. */
export function readme(name: string, folder: string): string {
  return `# ${name}

A project of ampx:

- \`repo.git\`: the bare repository that people and agents push to. A hook starts CI of what is pushed.
- \`ci.sh\`: judges each commit. Make it run your tests.
- \`ampx.yaml\`: what tasks on this project may spend and how long they may take.
- \`backlog/\`: tickets for agents. A file that is put here is taken, and moved to \`backlog/processed/\`, or to \`backlog/rejected/\` with the reason beside it.
- \`sample-ticket.yaml\`: a ticket to copy; its comments say what each key means.
- \`ci-status/\`: verdicts and logs of CI, a file for each commit.

Put your code in:

    git -C <your clone> push ${folder}/repo.git HEAD:main

Start a task and watch it:

    ampx start --repo ${name} --task "What to do" --follow

Or write tickets, which are worked on in the order of their priority:

    cp sample-ticket.yaml hello.yaml     # then say in it what you want
    ampx validate hello.yaml
    mv hello.yaml backlog/

Merge it when it is green:

    ampx ls
    ampx merge <id>
`;
}

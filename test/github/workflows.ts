/** A workflow file with one job, for tests. */
export const ci = `name: CI
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: bash ci.sh
`;

export const onPullRequest = `name: Review
on: pull_request
jobs:
  lint:
    runs-on: ubuntu-latest
    steps: [{ run: "true" }]
`;

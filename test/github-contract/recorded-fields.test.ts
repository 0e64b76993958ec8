import { beforeAll, expect, test } from "vitest";
import { type Answered, askEveryOperation } from "./every-operation.ts";

// What recorded answers of GitHub have though its description does not require it. The recordings are those of
// hub4j/github-api (MIT), of 2021 to 2024; only names of fields are repeated here.

const repo = "/repos/{owner}/{repo}";
const run = [
  "name",
  "check_suite_id",
  "check_suite_node_id",
  "run_attempt",
  "referenced_workflows",
];
const people = [
  "actor",
  "triggering_actor",
  "run_started_at",
  "previous_attempt_url",
  "display_title",
];
const settings = [
  "visibility",
  "permissions",
  "topics",
  "allow_forking",
  "web_commit_signoff_required",
];
const merging = [
  "allow_merge_commit",
  "allow_squash_merge",
  "allow_rebase_merge",
  "allow_auto_merge",
];

let answers: Answered[] = [];
beforeAll(async () => {
  answers = await askEveryOperation();
});

test.each([
  [`GET ${repo}`, [...settings, ...merging, "delete_branch_on_merge", "allow_update_branch"]],
  [`GET ${repo}/actions/runs/{run_id}`, [...run, ...people]],
  [`GET ${repo}/actions/jobs/{job_id}`, ["steps", "run_attempt", "runner_name", "labels"]],
  [`GET ${repo}/actions/workflows/{workflow_id}`, ["badge_url", "node_id", "state"]],
  [
    `GET ${repo}/pulls/{pull_number}`,
    ["draft", "assignees", "requested_reviewers", "requested_teams", "rebaseable"],
  ],
  ["GET /user", ["twitter_username", "gravatar_id", "node_id"]],
])("the answer to %s has the fields that were recorded", (operation, fields) => {
  const answer = answers.find((one) => one.operation === operation && one.status === 200);
  expect(Object.keys(answer?.body as object)).toEqual(expect.arrayContaining(fields));
});

test.each([
  [`POST ${repo}/actions/runs/{run_id}/rerun`, 201],
  [`POST ${repo}/actions/runs/{run_id}/rerun-failed-jobs`, 201],
  [`POST ${repo}/actions/runs/{run_id}/cancel`, 202],
])("%s is answered %i and an empty object, as it was recorded", (operation, status) => {
  const answer = answers.find((one) => one.operation === operation && one.status === status);
  expect(answer?.body).toEqual({});
});

test("a step of a job has the fields that were recorded", () => {
  const { body } = answers.find(({ operation }) => operation.endsWith("/actions/jobs/{job_id}"))!;
  const { steps } = body as { steps: object[] };
  expect(Object.keys(steps[0]!)).toEqual(
    expect.arrayContaining([
      "name",
      "status",
      "conclusion",
      "number",
      "started_at",
      "completed_at",
    ]),
  );
});

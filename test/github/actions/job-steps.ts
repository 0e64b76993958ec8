import type { JobOutcome } from "./plan.ts";
import type { Job, Run, Step } from "./run.ts";
import type { Value } from "./workflow-file.ts";

/** The steps of a job that went as planned: the last one that runs something prints the log, and fails where it failed. */
export function scriptedSteps(
  run: Run,
  job: Job,
  { conclusion = "success", log = "" }: JobOutcome,
  endedAt: number,
): Step[] {
  const planned = run.file.jobs.find(({ key }) => key === job.key)?.steps ?? [];
  const telling = Math.max(
    planned.findLastIndex(({ run: script }) => script !== undefined),
    0,
  );
  const startedAt = job.startedAt ?? endedAt;
  const steps = planned.map(({ name, run: script }, index) => {
    const tells = index === telling;
    const end =
      tells && conclusion === "failure" ? "##[error]Process completed with exit code 1." : "";
    const text = tells ? [log.replace(/\n$/, ""), end].filter((one) => one !== "") : [];
    const ends = tells || index < telling ? "success" : "skipped";
    return {
      name: stepName(name),
      conclusion: tells && conclusion !== "success" ? conclusion : ends,
      log: stamp([...header(script), ...text].join("\n"), tells ? endedAt : startedAt),
    };
  });
  return numbered(
    [
      { name: "Set up job", conclusion: "success", log: stamp(setUp(job), startedAt) },
      ...steps,
      {
        name: "Complete job",
        conclusion: "success",
        log: stamp("Cleaning up orphan processes", endedAt),
      },
    ],
    startedAt,
    endedAt,
  );
}

/** As the runner writes what it runs. */
export function header(script: Value | undefined): string[] {
  if (script === undefined) return [];
  const text = typeof script === "object" ? `\${{ ${script.expr} }}` : String(script).trimEnd();
  const lines = text.split("\n");
  return [
    `##[group]Run ${lines[0] ?? ""}`,
    ...lines.map((line) => `\u001B[36;1m${line}\u001B[0m`),
    "shell: /usr/bin/bash -e {0}",
    "##[endgroup]",
  ];
}

/** A time stamp before each line. */
export function stamp(text: string, at: number): string {
  if (text === "") return "";
  const time = new Date(at).toISOString().replace("Z", "0000Z");
  return `${text
    .split("\n")
    .map((line) => `${time} ${line}`)
    .join("\n")}\n`;
}

export function stepName(name: Value): string {
  return typeof name === "object" ? `Run \${{ ${name.expr} }}` : String(name);
}

export function setUp(job: Job): string {
  return [
    "Current runner version: '2.330.0'",
    "##[group]Operating System",
    "Ubuntu",
    "24.04.3",
    "LTS",
    "##[endgroup]",
    "##[group]GITHUB_TOKEN Permissions",
    "Contents: read",
    "Metadata: read",
    "##[endgroup]",
    "Secret source: Actions",
    "Prepare workflow directory",
    "Prepare all required actions",
    `Complete job name: ${job.name}`,
  ].join("\n");
}

export function numbered(
  steps: readonly { name: string; conclusion: string; log: string }[],
  startedAt: number,
  completedAt: number,
): Step[] {
  return steps.map((step, index) => ({ ...step, number: index + 1, startedAt, completedAt }));
}

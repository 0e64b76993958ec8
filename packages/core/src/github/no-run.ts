import { runsOnPullRequest, runsOnPush, type WorkflowFile } from "./workflow-triggers.ts";

/** What is known of a commit that has no run. */
export interface Unseen {
  /** The workflow files of the commit; null when they could not be read. `state`: as GitHub has it, `active` or `disabled_…`; null when unknown. */
  workflows: readonly (WorkflowFile & { state: string | null })[] | null;
  /** The whole message of the commit. */
  message: string;
  branch: string;
  base: string;
  /** What the change touches; null when unknown. */
  files: readonly string[] | null;
  /** The open pull request of the branch, if there is one. `conflicted`: null while GitHub works that out. */
  pull: { conflicted: boolean | null } | null;
  /** Whether Actions are switched off for the repository; null when that cannot be read. */
  actionsOff: boolean | null;
  /** The token is a workflow's own: what it pushes starts nothing. */
  ownToken: boolean;
}

export type NoRun =
  /** It cannot come: `reason` says why. */
  | { is: "none"; reason: string }
  /**
   * By all that is known it comes. The files: `surely`, or perhaps (by a filter of paths). `needPull`: those that only a pull
   * request would start, and none is open.
   */
  | { is: "expected"; surely: string[]; perhaps: string[]; needPull: string[] };

/** Why a commit has no run, or which are still to come. */
export function explainNoRun(unseen: Unseen): NoRun {
  const { workflows, branch, base, files, pull } = unseen;
  const none = (reason: string): NoRun => ({ is: "none", reason });
  if (unseen.actionsOff === true)
    return none(
      "GitHub Actions are switched off for the repository: switch them on in its settings; what is pushed after that is judged",
    );
  if (workflows === null) return { is: "expected", surely: [], perhaps: [], needPull: [] };
  if (workflows.length === 0) return none("the commit has no workflow in .github/workflows");
  const words = skipWords(unseen.message);
  if (words !== null) return none(`the commit's message says ${words}`);
  if (unseen.ownToken)
    return none(
      "it was pushed with a workflow's own GITHUB_TOKEN, which starts no workflows; use an App or a personal token",
    );

  const active = workflows.filter(({ state }) => state === null || !state.startsWith("disabled"));
  if (active.length === 0)
    return none(`${names(workflows)} ${workflows.length === 1 ? "is" : "are"} disabled on GitHub`);
  const pushed = active.map((file) => ({ file, on: runsOnPush(file, { branch, files }) }));
  const pulled = active.map((file) => ({ file, on: runsOnPullRequest(file, { base, files }) }));
  const onPush = pushed.filter(({ on }) => on.is === "runs");
  const onPull = pulled.filter(({ on }) => on.is === "runs");
  const onPullAlone = onPull.filter(({ file }) => !onPush.some((one) => one.file === file));
  if (pull?.conflicted === true && onPullAlone.length > 0)
    return none(
      `the pull request conflicts with ${base}, so ${names(onPullAlone.map(({ file }) => file))} cannot run`,
    );
  const coming = pull === null ? [] : onPullAlone;
  const all = [...onPush, ...coming];
  const needPull = pull === null ? onPullAlone.map(({ file }) => file.path) : [];
  if (all.length > 0 || needPull.length > 0) {
    const isSure = ({ on }: (typeof all)[number]) => on.is === "runs" && on.surely;
    const surely = all.filter(isSure).map(({ file }) => file.path);
    const perhaps = all.filter((one) => !isSure(one)).map(({ file }) => file.path);
    return { is: "expected", surely, perhaps, needPull };
  }
  return none(
    active
      .map((file) => {
        const triggered = runsOnPush(file, { branch, files });
        return triggered.is === "runs" ? "" : `${fileName(file.path)} ${triggered.why}`;
      })
      .join("; "),
  );
}

/** The words in a commit's message that keep workflows from running, or null. */
export function skipWords(message: string): string | null {
  const [word] = /\[(?:skip ci|ci skip|no ci|skip actions|actions skip)\]/i.exec(message) ?? [];
  if (word !== undefined) return word;
  return /\n\n(?:.*\n)*skip-checks:\s*true\s*$/i.test(message.trimEnd())
    ? "skip-checks: true"
    : null;
}

function names(files: readonly WorkflowFile[]): string {
  return files.map(({ path }) => fileName(path)).join(", ");
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

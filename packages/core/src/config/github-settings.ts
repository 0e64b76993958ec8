import { z } from "zod";
import { group, text, words, yesOrNo, positive } from "./setting-schemas.ts";

/** How repositories on GitHub are worked on. */
export const githubSettings = group(
  "Repositories on GitHub. Secrets come from the worker's environment or a file, never from here.",
  {
    url: z
      .url({ protocol: /^https?$/, error: "must be an http:// or https:// address" })
      .default("https://github.com")
      .describe("The GitHub that owner/name is on; the address of a GitHub Enterprise Server."),
    app_id: z.coerce
      .string()
      .regex(/^[\w.-]+$/, "must be the id of a GitHub App")
      .optional()
      .meta({
        description:
          "The id of the GitHub App to act as. Without one, the token of token_env, else the login of gh.",
        example: "123456",
      }),
    private_key_file: text().optional().meta({
      description:
        "The App's private key, a .pem file that only the worker reads. The key itself may be in AMPX_GITHUB_PRIVATE_KEY instead.",
      example: "/etc/ampx/app.pem",
    }),
    token_env: text().optional().meta({
      description:
        "The variable that holds a token; AMPX_GITHUB_TOKEN, GH_TOKEN or GITHUB_TOKEN by default.",
      example: "SHOP_TOKEN",
    }),
    poll_seconds: positive(3_600)
      .default(10)
      .describe("Seconds between two looks at CI when it may end any moment; more before."),
    first_run_seconds: positive(3_600)
      .default(90)
      .describe("Seconds that the first run of a commit may take to appear."),
    settle_seconds: positive(3_600)
      .default(20)
      .describe(
        "Seconds after the newest run appeared in which another may follow, though all is green.",
      ),
    fail_fast: yesOrNo().default(false).meta({
      description: "Whether the first red counts while other jobs still run.",
      project: true,
    }),
    draft: yesOrNo()
      .default(false)
      .meta({ description: "Whether green pull requests stay drafts.", project: true }),
    labels: words().default([]).meta({ description: "Labels of pull requests.", project: true }),
    reviewers: words()
      .default([])
      .meta({ description: "Login names of who is asked to review.", project: true }),
    assignees: words()
      .default([])
      .meta({ description: "Login names of who is assigned.", project: true }),
    merge_method: z
      .enum(["merge", "squash", "rebase"], "must be merge, squash or rebase")
      .optional()
      .meta({
        description: "How changes are merged; what the repository allows by default.",
        example: "squash",
        project: true,
      }),
    delete_branch: yesOrNo()
      .default(true)
      .meta({ description: "Whether the branch is deleted once it is merged.", project: true }),
    review_comments: yesOrNo()
      .default(true)
      .describe(
        "Whether what people with write access say of a pull request goes to the agent as a new attempt.",
      ),
    review_seconds: positive(3_600)
      .default(60)
      .describe("Seconds between two looks at what people say in a repository."),
    review_debounce_seconds: positive(86_400)
      .default(60)
      .describe(
        "Seconds of silence after the newest comment, so that a whole review is one attempt.",
      ),
    commands: yesOrNo()
      .default(false)
      .describe(
        "Whether people with write access start tasks and steer them from GitHub: by comments that begin with /ampx, and by the label below. See docs/github.md for what that lets them do.",
      ),
    watch: z
      .array(
        z.string("must be text").regex(/^\S+\/\S+$/, "must be owner/name or an address"),
        "must be a list",
      )
      .default([])
      .describe(
        "Repositories whose issues are looked at for that, beside those that have tasks: owner/name or addresses.",
      ),
    label: text().default("ampx").describe("The label that starts a task for an issue."),
    link_issues: z
      .enum(["closes", "refs", "no"], "must be closes, refs or no")
      .default("closes")
      .meta({
        description:
          "What a pull request does to the issue that its task is for: closes it once merged, refs (only names it) or no (does not name it).",
        project: true,
      }),
  },
);

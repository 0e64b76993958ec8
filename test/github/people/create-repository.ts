import { appendFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { git } from "../git/git.ts";
import type { Repository } from "../repository.ts";
import type { World } from "../world.ts";
import { accountNamed } from "../world.ts";
import type { Files } from "./commit-files.ts";
import { commitFiles } from "./commit-files.ts";

export interface RepositoryOptions {
  /** Of the first commit; without any the repository is empty. */
  readonly files?: Files;
  /** By default it is. */
  readonly private?: boolean;
  readonly defaultBranch?: string;
  readonly fork?: boolean;
  readonly description?: string;
}

/** A repository with one commit, for which no workflow has run. */
export async function createRepository(
  world: World,
  name: string,
  options: RepositoryOptions,
): Promise<Repository> {
  const [owner = "", repositoryName = ""] = name.split("/");
  const { files = { "README.md": `# ${repositoryName}\n` }, defaultBranch = "main" } = options;
  const id = world.nextId();
  const now = world.schedule.now();
  const repository: Repository = {
    id,
    owner: accountNamed(world, owner),
    name: repositoryName,
    defaultBranch,
    folder: join(world.folder, `${id}.git`),
    private: options.private ?? true,
    fork: options.fork ?? false,
    description: options.description,
    archived: false,
    actionsEnabled: false,
    mergeabilityMs: 0,
    renamedBranches: new Map(),
    createdAt: now,
    pushedAt: now,
    formerNames: [],
    collaborators: new Map(),
    protection: new Map(),
    rulesets: [],
    workflows: [],
    runs: [],
    checkRuns: [],
    statuses: [],
    issues: [],
    labels: [],
    busy: Promise.resolve(),
    settings: {
      allowMergeCommit: true,
      allowSquashMerge: true,
      allowRebaseMerge: true,
      allowAutoMerge: false,
      allowUpdateBranch: false,
      deleteBranchOnMerge: false,
    },
  };
  await mkdir(repository.folder, { recursive: true });
  await git(repository, ["init", "-q", "--bare", `--initial-branch=${defaultBranch}`]);
  await appendFile(join(repository.folder, "config"), settings);
  world.repositories.push(repository);
  if (Object.keys(files).length > 0)
    await commitFiles(world, repository, {
      branch: defaultBranch,
      files,
      message: "First commit",
      by: repository.owner,
    });
  repository.actionsEnabled = true;
  return repository;
}

const settings = `[http]
	receivepack = true
[uploadpack]
	allowAnySHA1InWant = true
[gc]
	auto = 0
`;

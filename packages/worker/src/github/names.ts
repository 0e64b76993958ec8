import { parseGitHubAddress, type Config, type GitHubAddress } from "@ampx/core";

/** What a task's `repo` means on the configured GitHub, or null: it is none there. Paths are never one. */
export function gitHubAddressOf(repo: string, config: Config["github"]): GitHubAddress | null {
  return repo.startsWith("/") ? null : parseGitHubAddress(repo, config.url);
}

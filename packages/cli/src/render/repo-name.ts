/** `/srv/projects/shop/repo.git` is known as `shop`, `/srv/shop.git` too. */
export function repoName(repo: string): string {
  const parts = repo.split("/").filter(Boolean);
  const last = (parts.at(-1) ?? repo).replace(/\.git$/, "");
  return last === "repo" || last === "" ? (parts.at(-2) ?? repo) : last;
}

/** Where an issue of a repository on GitHub can be looked at; `repo` is the address that git is given, over https or ssh. */
export function issueUrl(repo: string, issue: number): string {
  const web = repo.replace(/^ssh:\/\/(?:[^@/]*@)?/, "https://").replace(/(?:\.git)?\/*$/, "");
  return `${web}/issues/${issue}`;
}

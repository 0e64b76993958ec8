/** The path within the repository, where it is one of the places into which CI systems check out. */
export function withoutCheckout(file: string): string {
  return file.replace(atBegin, "").replace(/^(?:file:\/\/)?\.[/\\]/, "");
}

/** The same for all paths in a text. */
export function withoutCheckouts(text: string): string {
  return text.replace(anywhere, "");
}

const folders =
  /(?:file:\/\/)?(?:\/home\/runner\/work\/[^/\s]+\/[^/\s]+\/|\/__w\/[^/\s]+\/[^/\s]+\/|\/Users\/runner\/work\/[^/\s]+\/[^/\s]+\/|[A-Z]:\\a\\[^\\\s]+\\[^\\\s]+\\|\/builds\/[^/\s]+\/[^/\s]+\/|\/github\/workspace\/|\/workspace\/|\/home\/circleci\/project\/|\/opt\/atlassian\/pipelines\/agent\/build\/)/;
const atBegin = new RegExp(`^${folders.source}`);
const anywhere = new RegExp(folders.source, "g");

/** Environment entries that let git reach `web`, and nothing else, with a token: never in arguments, addresses or files. */
export function gitCredentials(web: string, token: string): Record<string, string> {
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  const settings = [
    // For this host alone, and it does not follow a redirect to another.
    [`http.${web}/.extraHeader`, `Authorization: Basic ${basic}`],
    // What people keep for themselves is not asked when the token is refused.
    ["credential.helper", ""],
    [`credential.${web}.helper`, ""],
  ];
  return Object.fromEntries([
    ["GIT_CONFIG_COUNT", String(settings.length)],
    ...settings.flatMap(([key = "", value = ""], at) => [
      [`GIT_CONFIG_KEY_${at}`, key],
      [`GIT_CONFIG_VALUE_${at}`, value],
    ]),
  ]);
}

/** For whoever has no token: the person's own key, whatever address is on record. */
export function sshInstead(web: string): Record<string, string> {
  return {
    GIT_CONFIG_COUNT: "1",
    GIT_CONFIG_KEY_0: `url.ssh://git@${new URL(web).hostname}/.insteadOf`,
    GIT_CONFIG_VALUE_0: `${web}/`,
  };
}

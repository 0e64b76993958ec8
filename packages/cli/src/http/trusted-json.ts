/**
 * JSON of a sender that is of our own version and holds to the contract's types. The schemas themselves would double the time that
 * `ampx ls` takes, see docs/decisions; `connect` checks the version instead.
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the contract names the type, nothing here can check it
export function trustedJson<T>(text: string): T {
  const value: T = JSON.parse(text);
  return value;
}

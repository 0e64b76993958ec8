/** A person, an organization, or the bot of an app. */
export interface Account {
  readonly id: number;
  readonly login: string;
  readonly type: "User" | "Organization" | "Bot";
}

/** What an account may do in a repository; each holds those before it. */
export type Role = "none" | "read" | "triage" | "write" | "maintain" | "admin";

const roles: readonly Role[] = ["none", "read", "triage", "write", "maintain", "admin"];

export function roleReaches(role: Role, needed: Role): boolean {
  return roles.indexOf(role) >= roles.indexOf(needed);
}

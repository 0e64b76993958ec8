import type { Account } from "./account.ts";

export type Access = "read" | "write" | "admin";

/** Of an app or a fine-grained token, such as `{ checks: "read", pull_requests: "write" }`. */
export type Permissions = Readonly<Record<string, Access>>;

export type TokenKind = "classic" | "fine-grained" | "oauth" | "installation" | "actions";

/** Who may do what until when. */
export interface Token {
  readonly value: string;
  readonly kind: TokenKind;
  /** For an installation: the bot of its app. */
  readonly account: Account;
  /** Of classic and oauth tokens, such as `repo` and `workflow`. */
  readonly scopes: readonly string[];
  /** Of the others. */
  readonly permissions: Permissions;
  /** Ids; a classic token reaches what its person reaches. */
  readonly repositories: "all" | readonly number[];
  readonly expiresAt: number | undefined;
  readonly installation: Installation | undefined;
  revoked: boolean;
}

export interface App {
  readonly id: number;
  readonly clientId: string;
  readonly slug: string;
  readonly name: string;
  readonly owner: Account;
  readonly bot: Account;
  readonly publicKey: string;
  readonly permissions: Permissions;
  readonly createdAt: number;
}

export interface Installation {
  readonly id: number;
  readonly app: App;
  readonly account: Account;
  repositories: "all" | number[];
  permissions: Permissions;
  suspendedAt: number | undefined;
  readonly createdAt: number;
}

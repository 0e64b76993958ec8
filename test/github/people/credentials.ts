import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { Installation, Permissions, Token, TokenKind } from "../token.ts";
import type { World } from "../world.ts";
import { accountNamed, repositoryNamed } from "../world.ts";

export interface TokenOptions {
  /** Whose it is; made if need be. */
  readonly login: string;
  /** `classic` by default. `actions` is the token of a running workflow: what it pushes runs nothing. */
  readonly kind?: Exclude<TokenKind, "installation">;
  /** Of classic and oauth tokens; by default `repo` and `workflow`. */
  readonly scopes?: readonly string[];
  /** Of fine-grained ones. There is none for checks, as at GitHub. */
  readonly permissions?: Permissions;
  /** Full names; all by default. */
  readonly repositories?: readonly string[];
  readonly lifetimeMs?: number;
}

/** A new token, in the form of its kind. */
export function createToken(world: World, options: TokenOptions): string {
  const { login, kind = "classic", repositories, lifetimeMs, permissions = {} } = options;
  if (kind === "fine-grained" && "checks" in permissions)
    throw new Error("Fine-grained tokens cannot have the permission checks");
  const hasScopes = kind === "classic" || kind === "oauth";
  const value = prefixes[kind] + randomBytes(18).toString("hex");
  const token: Token = {
    value,
    kind,
    permissions,
    account: accountNamed(world, login),
    scopes: options.scopes ?? (hasScopes ? ["repo", "workflow"] : []),
    repositories:
      repositories === undefined ? "all" : repositories.map((name) => idOf(world, name)),
    expiresAt: lifetimeMs === undefined ? undefined : world.schedule.now() + lifetimeMs,
    installation: undefined,
    revoked: false,
  };
  world.tokens.set(value, token);
  return value;
}

const prefixes = { classic: "ghp_", oauth: "gho_", "fine-grained": "github_pat_", actions: "ghs_" };

export interface AppOptions {
  readonly slug?: string;
  readonly permissions: Permissions;
}

/** An app, and its private key, which nobody else has. */
export interface AppHandle {
  readonly appId: number;
  readonly slug: string;
  /** PKCS#1 PEM, as GitHub gives it out. */
  readonly privateKey: string;
  /** Installs it for an account, for all of its repositories or some. Returns the installation's id. */
  install(
    login: string,
    options?: { repositories?: readonly string[]; permissions?: Permissions },
  ): number;
  suspend(installationId: number): void;
  unsuspend(installationId: number): void;
  uninstall(installationId: number): void;
}

export function createApp(world: World, { slug = "the-app", permissions }: AppOptions): AppHandle {
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  const id = world.nextId();
  const app = {
    id,
    clientId: `Iv23li${id}`,
    slug,
    name: slug,
    permissions,
    publicKey: keys.publicKey,
    owner: accountNamed(world, "app-owner"),
    bot: accountNamed(world, `${slug}[bot]`, "Bot"),
    createdAt: world.schedule.now(),
  };
  world.apps.push(app);
  const find = (installationId: number): Installation => {
    const found = world.installations.find((one) => one.id === installationId);
    if (found === undefined) throw new Error(`There is no installation ${installationId}`);
    return found;
  };
  return {
    appId: id,
    slug,
    privateKey: keys.privateKey,
    install(login, options = {}) {
      const installation: Installation = {
        id: world.nextId(),
        app,
        account: accountNamed(world, login),
        repositories: options.repositories?.map((name) => idOf(world, name)) ?? "all",
        permissions: options.permissions ?? permissions,
        suspendedAt: undefined,
        createdAt: world.schedule.now(),
      };
      world.installations.push(installation);
      return installation.id;
    },
    suspend(installationId) {
      find(installationId).suspendedAt = world.schedule.now();
    },
    unsuspend(installationId) {
      find(installationId).suspendedAt = undefined;
    },
    uninstall(installationId) {
      const installation = find(installationId);
      world.installations.splice(world.installations.indexOf(installation), 1);
      for (const token of world.tokens.values())
        if (token.installation === installation) token.revoked = true;
    },
  };
}

function idOf(world: World, name: string): number {
  const repository = repositoryNamed(world, name);
  if (repository === undefined) throw new Error(`There is no repository ${name}`);
  return repository.id;
}

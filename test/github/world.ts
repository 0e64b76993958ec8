import type { Account } from "./account.ts";
import type { Plans } from "./actions/plan.ts";
import type { Repository } from "./repository.ts";
import { fullName } from "./repository.ts";
import type { Schedule } from "./schedule.ts";
import type { App, Installation, Token } from "./token.ts";
import type { WebhookEvent } from "./webhooks.ts";

/** All that this GitHub knows. */
export interface World {
  readonly schedule: Schedule;
  /** Where the git data, and checkouts of jobs, lie. */
  readonly folder: string;
  readonly accounts: Map<string, Account>;
  readonly repositories: Repository[];
  readonly tokens: Map<string, Token>;
  readonly apps: App[];
  readonly installations: Installation[];
  readonly plans: Plans;
  readonly tokenLifetimeMs: number;
  readonly logUrlLifetimeMs: number;
  /** Ends what still runs when the server is closed. */
  readonly closing: AbortSignal;
  nextId(): number;
  emit(event: WebhookEvent): void;
  /** Keeps a promise until the server is closed; its failure is a bug of ours. */
  background(work: Promise<unknown>): void;
}

/** Made when first named. */
export function accountNamed(world: World, login: string, type: Account["type"] = "User"): Account {
  const known = world.accounts.get(login.toLowerCase());
  if (known !== undefined) return known;
  const account: Account = { id: world.nextId(), login, type };
  world.accounts.set(login.toLowerCase(), account);
  return account;
}

export function repositoryNamed(world: World, name: string): Repository | undefined {
  return world.repositories.find((one) => fullName(one).toLowerCase() === name.toLowerCase());
}

import type { Store } from "@ampx/store";
import type { Clock } from "../../ports.ts";
import type { Inbox } from "./watch.ts";

/** The inbox, which also looks at once where a webhook tells that people have said or done something. `web`: the GitHub that it looks at. */
export function hearing(
  inbox: Inbox,
  { store, clock, web }: { store: Store; clock: Clock; web: string },
): Inbox {
  const { host } = new URL(web);

  const listen = async (signal: AbortSignal): Promise<void> => {
    let seen = clock.now();
    const watch = store.watch();
    while (!signal.aborted) {
      // The database may be busy for a while; what is not heard now is found at the next tick.
      const told = await store.webhooksOfWords(seen).catch(() => []);
      for (const { repository, at } of told) {
        seen = Math.max(seen, at);
        const [site, owner = "", name = ""] = repository.split("/");
        if (site === host.toLowerCase()) inbox.hurry({ owner, name });
      }
      await watch.next(signal);
    }
  };

  return {
    ...inbox,
    run: async (signal) => void (await Promise.all([inbox.run(signal), listen(signal)])),
  };
}

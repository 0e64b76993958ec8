import type { Sha } from "@ampx/core";
import type { Forge } from "@ampx/worker";
import { describe, expect, test } from "vitest";

/** A task's branch with one commit beyond its base. */
export interface ForgeWorld extends AsyncDisposable {
  forge: Forge;
  head: Sha;
  /** The tip of the base branch when the task began. */
  base: Sha;
  /** Adds a commit to the base branch, as somebody else would. */
  moveBase(): Promise<Sha>;
  /** What a file holds on the base branch; undefined where it is not. */
  onBase(path: string): Promise<string | undefined>;
}

const { signal } = new AbortController();
const text = { title: "Answer with 42", block: "<!-- ampx: begin -->\n<!-- ampx: end -->" };

/** What every forge keeps. The commit writes 42 into `answer`. */
export function forgeContract(name: string, make: () => Promise<ForgeWorld>): void {
  describe(`${name} as a place for changes`, () => {
    test("has one change of a branch, as often as it is asked", async () => {
      await using world = await make();
      const first = await world.forge.findOrOpenChange(world.head, signal, text);
      expect(first).toEqual({ url: expect.stringMatching(/./) });
      expect(await world.forge.findOrOpenChange(world.head, signal, text)).toEqual(first);
    });

    test("merges once: a second time it says that it is done", async () => {
      await using world = await make();
      await world.forge.findOrOpenChange(world.head, signal, text);
      expect(await world.forge.merge(world.head, world.base, signal)).toEqual({ is: "merged" });
      expect((await world.onBase("answer"))?.trim()).toBe("42");
      expect(await world.forge.merge(world.head, world.base, signal)).toEqual({ is: "merged" });
      await world.moveBase();
      expect(await world.forge.merge(world.head, world.base, signal)).toEqual({ is: "merged" });
    });

    test("merges nothing into a base that has moved, and says where it is", async () => {
      await using world = await make();
      await world.forge.findOrOpenChange(world.head, signal, text);
      const moved = await world.moveBase();
      expect(await world.forge.merge(world.head, world.base, signal)).toEqual({
        is: "base_moved",
        base: moved,
      });
      expect((await world.onBase("answer"))?.trim()).toBe("0");
    });

    test("an aborted merge throws the reason and changes nothing", async () => {
      await using world = await make();
      await world.forge.findOrOpenChange(world.head, signal, text);
      const aborted = AbortSignal.abort(new Error("by a person"));
      await expect(world.forge.merge(world.head, world.base, aborted)).rejects.toThrow(
        "by a person",
      );
      expect((await world.onBase("answer"))?.trim()).toBe("0");
    });
  });
}

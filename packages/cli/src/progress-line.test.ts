import { describe, expect, it } from "vitest";
import { progressLine } from "./progress-line.ts";

describe("a line of progress", () => {
  it("is written over in place on a terminal, cut to its width, and taken away in the end", () => {
    const { out, written } = terminal({ isTTY: true, columns: 12 });
    {
      using line = progressLine(out);
      line.show("2 turns still run", "2");
      line.show("done", "1");
    }
    const clear = "\r\u001b[K";
    expect(written).toEqual([`${clear}2 turns st…`, `${clear}done`, clear]);
  });

  it("is a line of its own elsewhere, but only for what is new", () => {
    const { out, written } = terminal({});
    {
      using line = progressLine(out);
      line.show("two, for 1s", "two");
      line.show("two, for 2s", "two");
      line.show("one, for 3s", "one");
    }
    expect(written).toEqual(["two, for 1s\n", "one, for 3s\n"]);
  });
});

function terminal(of: { isTTY?: boolean; columns?: number }) {
  const written: string[] = [];
  const write = (text: string | Uint8Array) => written.push(String(text)) > 0;
  return { out: { ...of, write }, written };
}

import { expect, test } from "vitest";
import { plain } from "./paint.ts";
import { overlapsText } from "./task-overlaps.ts";
import { taskDetail } from "./task-view-fixture.ts";

test("tasks that change the same files are shown with the files, those in conflict first", () => {
  const task = taskDetail({
    overlaps: [
      {
        id: "01HZZZZZZZZZZZZZZZZZA1B2C3",
        short_id: "a1b2c3",
        title: "Move\u001b[2J the prices",
        files: ["src/a.ts", "src/line\nbreak\u202e.ts"],
        conflicts: ["src/line\nbreak\u202e.ts"],
      },
      {
        id: "01HZZZZZZZZZZZZZZZZZD4E5F6",
        short_id: "d4e5f6",
        title: "Rename all",
        files: Array.from({ length: 12 }, (_, n) => `f${n}`),
        conflicts: [],
      },
    ],
  });
  expect(overlapsText(task, plain)).toBe(
    [
      "Changes the same files as",
      "  a1b2c3  src/line break.ts (conflict), src/a.ts  Move the prices",
      "  d4e5f6  f0, f1, f2, f3, f4, f5, f6, f7 and 4 more  Rename all",
    ].join("\n"),
  );
  expect(overlapsText(taskDetail(), plain)).toBe("");
});

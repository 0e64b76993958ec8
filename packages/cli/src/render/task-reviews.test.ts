import { expect, test } from "vitest";
import { nextCommand } from "./next-command.ts";
import { plain } from "./paint.ts";
import { reviewsText } from "./task-reviews.ts";
import { taskDetail } from "./task-view-fixture.ts";

test("comments that are not answered yet are shown with where they were made and how far they are", () => {
  const comment = { key: "review:1", by: "kim", url: "https://x/1", path: null, line: null };
  const task = taskDetail({
    review_comments: [
      {
        ...comment,
        text: "Use a map.\nIt is faster.",
        path: "src/a.ts",
        line: 3,
        is: "with_the_agent",
      },
      { ...comment, by: "lee", text: "And\u001b[2J a test?", is: "waiting" },
    ],
  });
  expect(reviewsText(task, plain)).toBe(
    [
      "Review comments",
      "  with the agent  kim  src/a.ts:3  Use a map. …",
      "  waits  lee  And a test?",
    ].join("\n"),
  );
  expect(reviewsText(taskDetail(), plain)).toBe("");

  const rest = { name: "needs_review", reason: "attempts_spent", detail: "" } as const;
  const waiting = {
    ...task,
    status: "needs_review",
    phase: "needs_review",
    phase_facts: rest,
  } as const;
  expect(nextCommand(waiting)).toBe("ampx continue x4k2pa");
});

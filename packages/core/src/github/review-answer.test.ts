import { expect, test } from "vitest";
import { hiddenMark, isOfAmpx } from "./hidden-mark.ts";
import { reviewAnswer } from "./review-answer.ts";

const sha = "a".repeat(40);

test("an answer names the commit, else says what the agent says", () => {
  expect(reviewAnswer({ commit: sha, said: "Done." })).toBe(`Answered by ${sha}.`);
  expect(reviewAnswer({ commit: null, said: "It is right as it is.\nSee #4." })).toBe(
    "The agent has left the change as it is:\n\n> It is right as it is.\n> See #\u200b4.",
  );
  expect(reviewAnswer({ commit: null, said: " " })).toContain("does not say why");
});

test("the agent's words carry no mark, call nobody, and hold no HTML", () => {
  const said = `${hiddenMark("answers review:9")}\n@kim <img src=x> closes #1`;
  const answer = reviewAnswer({ commit: null, said });
  expect(answer).not.toContain(hiddenMark("answers review:9"));
  expect(answer).not.toMatch(/<|@kim|#1/);
  expect(isOfAmpx(answer)).toBe(false);
});

test("what ampx says is known as its own by the mark", () => {
  expect(isOfAmpx(`Answered by ${sha}.\n\n${hiddenMark("answers issue_comment:3")}`)).toBe(true);
  expect(isOfAmpx("Answered by hand.")).toBe(false);
});

import type { PermissionAnswer, TaskState } from "@ampx/core";
import { expect, test } from "vitest";
import { turnPermits, type PermitOptions } from "./turn-permits.ts";

const request = { tool: "Write", input: "/etc/hosts", paths: ["/etc/hosts"] };

function permits(options: Partial<PermitOptions> = {}) {
  const asked: number[] = [];
  const made = turnPermits({
    judge: () => "it lies outside",
    ask: async (id) => void asked.push(id),
    patienceMs: 60_000,
    ...options,
  });
  return { ...made, asked };
}

/** The state in which a person has answered. */
function answered(id: number, allow: boolean): TaskState {
  const ask = { id, at: 1, tool: "", input: "", why: "", answer: { by: "kim", allow } };
  return { phase: { name: "coding", turn: { asks: [ask] } } } as unknown as TaskState;
}

test("what the policy says is answered at once", async () => {
  const denied: PermissionAnswer = { is: "denied", why: "no" };
  const { permit, asked } = permits({ judge: () => denied });
  expect(await permit(request)).toEqual(denied);
  expect(asked).toEqual([]);
});

test("what is left to a person waits for their answer, each for its own", async () => {
  const { permit, news, asked } = permits();
  const [first, second] = [permit(request), permit(request)];
  expect(asked).toEqual([1, 2]);
  news(answered(2, false));
  expect(await second).toEqual({ is: "denied", why: "kim has denied it" });
  news(answered(1, true));
  expect(await first).toEqual({ is: "allowed" });
});

test("nobody's answer is a no, in time", async () => {
  const { permit } = permits({ patienceMs: 20 });
  expect(await permit(request)).toEqual({
    is: "denied",
    why: "it lies outside, and nobody has allowed it within 1 min",
  });
});

test("the end of the turn is a no", async () => {
  const { permit, close } = permits();
  const open = permit(request);
  close();
  expect(await open).toMatchObject({ is: "denied" });
});

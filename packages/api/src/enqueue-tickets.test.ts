import { EnqueuedTickets, evolve, TaskDetail } from "@ampx/core";
import { readTickets } from "@ampx/core/ticket/index";
import { expect, it } from "vitest";
import { takeTickets } from "./backlog/take-tickets.ts";
import { type ApiUnderTest, problemIn, secret, startTestApi } from "./fixture.ts";

const ticket = { id: "AUTH-1", title: "Reject expired sessions" };
const signal = new AbortController().signal;

function post(at: ApiUnderTest, tickets: object[], more: object = { repo: "/repos/app" }) {
  return at.send("POST", "/tickets", { body: { tickets: parsed(tickets), ...more } });
}

/** As a client has read them from a file, with their defaults. */
function parsed(tickets: object[]) {
  const text = tickets.map((one) => JSON.stringify(one)).join("\n---\n");
  const { tickets: placed, problems } = readTickets("t.yaml", new TextEncoder().encode(text));
  return problems.length > 0 ? tickets : placed.map((one) => one.ticket);
}

it("makes tasks of tickets, with what they say and what the project says", async () => {
  await using at = await startTestApi();
  const whole = {
    ...ticket,
    description: "A session of more than a day must not work.",
    priority: 1,
    locks: ["user-auth", "read:db"],
    tags: ["backend"],
    estimate_min: 30,
    max_attempts: 2,
    budget: { minutes: 10, tokens: 1000 },
    acceptance: ["An expired session gets 401."],
    protected_paths: ["migrations/**"],
  };
  const answer = await post(at, [whole, { id: "AUTH-2", title: "Next", dependencies: ["AUTH-1"] }]);
  expect(answer.status, answer.text).toBe(200);
  const { tickets } = EnqueuedTickets.parse(JSON.parse(answer.text));
  expect(tickets).toMatchObject([
    { ticket: "AUTH-1", is: "created", priority: 1 },
    { ticket: "AUTH-2", is: "created", priority: 5 },
  ]);
  expect(tickets[0]?.branch).toBe(`amp/auth-1-reject-expired-sessions-${tickets[0]?.short_id}`);
  const detail = TaskDetail.parse(
    JSON.parse((await at.send("GET", `/tasks/${tickets[0]?.id}`)).text),
  );
  expect(detail).toMatchObject({
    status: "queued",
    title: ticket.title,
    max_attempts: 2,
    max_minutes: 10,
    max_tokens: 1000,
    created_by: "ada",
    prompt: [
      "Reject expired sessions\n\nA session of more than a day must not work.",
      "It is done when:\n- An expired session gets 401.",
      "Do not change files that match one of these patterns:\n- migrations/**",
    ].join("\n\n"),
  });
  const row = await at.store.readTask(tickets[0]?.id ?? "");
  expect(row?.state.task.ticket).toMatchObject({
    id: "AUTH-1",
    locks: ["user-auth", "read:db"],
    tags: ["backend"],
    estimateMinutes: 30,
    protectedPaths: ["migrations/**"],
  });
});

it("changes nothing when the same is said again, in whatever order of its keys", async () => {
  await using at = await startTestApi();
  await post(at, [ticket]);
  const again = await post(at, [{ title: ticket.title, priority: 5, id: ticket.id }]);
  expect(JSON.parse(again.text).tickets).toMatchObject([{ is: "unchanged" }]);
  const other = await post(at, [{ ...ticket, priority: 2 }]);
  expect(other.status).toBe(409);
  expect(problemIn(other).try_this).toContain("--update");
  const update = await post(at, [{ ...ticket, priority: 2 }], { repo: "/repos/app", update: true });
  expect(JSON.parse(update.text).tickets).toMatchObject([{ is: "changed", priority: 2 }]);
});

it("enqueues nothing when one is wrong, and says which", async () => {
  await using at = await startTestApi();
  const wrong = await post(at, [
    ticket,
    { id: "A", title: "x", dependencies: ["nowhere"] },
    { id: "B", title: "x", dependencies: ["C"] },
    { id: "C", title: "x", dependencies: ["B"] },
  ]);
  expect(wrong.status).toBe(409);
  expect(problemIn(wrong).errors).toEqual([
    { field: "tickets[1]", message: "A depends on nowhere, and there is no such ticket" },
    { field: "tickets[2]", message: "dependencies in a circle: B → C → B" },
  ]);
  const twice = await post(at, [ticket, ticket]);
  expect(problemIn(twice).errors).toEqual([
    { field: "tickets[1]", message: "the id AUTH-1 is in it twice" },
  ]);
  const nowhere = await post(at, [ticket], {});
  expect(problemIn(nowhere)).toMatchObject({ detail: "no repository is named" });
  const leaking = await post(at, [{ ...ticket, acceptance: [`with ${secret}`] }]);
  expect(leaking.status).toBe(422);
  expect(leaking.text).not.toContain(secret);
  expect((await at.store.listTasks({ limit: 9 })).total).toBe(0);
});

it("names branches by slot and ticket where the project wants that", async () => {
  const defaults = { ticketBranches: "agent-slot" as const };
  await using at = await startTestApi({
    repositories: { resolve: async (repo) => ({ repo, base: "main", defaults }) },
  });
  const ids = ["T-1", "T-2", "T-3", "T-4"];
  const answer = await post(
    at,
    ids.map((id) => ({ id, title: "x" })),
  );
  const branches = (text: string) =>
    JSON.parse(text).tickets.map(({ branch }: { branch: string }) => branch);
  expect(branches(answer.text)).toEqual(
    ids.map((id) => expect.stringMatching(new RegExp(`^agent-[123]/${id}$`))),
  );
  // Also the branch of one that was ended is taken.
  const [first] = JSON.parse(answer.text).tickets;
  const claim = await at.store.claim({
    id: "w",
    holder: { host: "", pid: 1, startedAt: "" },
    slots: 1,
    leaseMs: 1_000,
    now: Date.now(),
  });
  expect(claim?.lease.taskId).toBe(first.id);
  if (claim === undefined) return;
  const aborted = { type: "aborted", at: Date.now(), by: "ada" } as const;
  await at.store.append(claim.lease, claim.seq, aborted, evolve(claim.state, aborted));
  const more = { repo: "/repos/app", update: true };
  const again = await post(at, [{ id: "T-1", title: "x" }], more);
  expect(branches(again.text)).toEqual([`${first.branch}-2`]);
});

it("takes thousands of tickets at once", { timeout: 120_000 }, async () => {
  await using at = await startTestApi();
  const many = Array.from({ length: 2_000 }, (_, n) => ({
    id: `T-${n}`,
    title: "x",
    description: "words ".repeat(200),
    dependencies: n === 0 ? [] : [`T-${n - 1}`],
  }));
  const answer = await post(at, many);
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text).tickets).toHaveLength(2_000);
});

it("takes the tickets of a backlog's file, rejects what is wrong by its place, and waits for what may still come", async () => {
  await using at = await startTestApi();
  const take = takeTickets(at.deps, signal);
  const give = (text: string) => take("/repos/app", "a.yaml", new TextEncoder().encode(text));
  expect(await give("id: B\ntitle: x\ndependencies: [A]\n")).toEqual({
    is: "waiting",
    reason: expect.stringContaining("a.yaml:1:1: B depends on A"),
  });
  expect(await give("id: A\ntitel: x\n")).toEqual({
    is: "rejected",
    problems: "a.yaml:1:1: title is missing\na.yaml:2:1: unknown key titel; did you mean title?",
  });
  expect(await give("id: A\ntitle: x\n")).toEqual({ is: "taken" });
  expect(await give("id: B\ntitle: x\ndependencies: [A]\n")).toEqual({ is: "taken" });
  expect(await give("id: A\ntitle: y\n")).toEqual({
    is: "rejected",
    problems: expect.stringMatching(/^a\.yaml:1:1: A is there already, with other content/),
  });
  await expect(give(`id: C\ntitle: ${secret}\n`)).rejects.toThrow("holds a secret");
});

import { describe } from "vitest";
import { eventsContract } from "./events.ts";
import type { StoreHarness } from "./harness.ts";
import { leasesContract } from "./leases.ts";
import { logsContract } from "./logs.ts";
import { newsContract } from "./news.ts";
import { processesContract } from "./processes.ts";
import { redactionContract } from "./redaction.ts";
import { requestsContract } from "./requests.ts";
import { scheduleContract } from "./schedule.ts";
import { tasksContract } from "./tasks.ts";
import { ticketsContract } from "./tickets.ts";
import { usageContract } from "./usage.ts";

/** What every implementation of `Store` must do; `make` gives a fresh, empty one. */
export function storeContract(name: string, make: () => StoreHarness): void {
  describe(`the store on ${name}`, () => {
    describe("tasks", () => tasksContract(make));
    describe("leases", () => leasesContract(make));
    describe("schedule", () => scheduleContract(make));
    describe("tickets", () => ticketsContract(make));
    describe("requests", () => requestsContract(make));
    describe("events", () => eventsContract(make));
    describe("logs", () => logsContract(make));
    describe("news", () => newsContract(make));
    describe("usage", () => usageContract(make));
    describe("redaction", () => redactionContract(make));
    describe("several processes", () => processesContract(make));
  });
}

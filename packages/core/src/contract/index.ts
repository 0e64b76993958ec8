/*
 * The HTTP contract. JSON keys are stable and snake_case; times are ISO 8601 in UTC; durations name their unit. What shows the inside of
 * a task (`phase_facts`, `tries`, the facts of an event) is told as it is stored: camelCase, times and durations in milliseconds.
 */

export * from "./event-stream.ts";
export * from "./logs.ts";
export * from "./problem.ts";
export * from "./schedule.ts";
export * from "./server.ts";
export * from "./stats.ts";
export * from "./tasks.ts";
export * from "./tickets.ts";
export * from "./used.ts";

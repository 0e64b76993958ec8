import { expect, test } from "vitest";
import { readTickets } from "./read-tickets.ts";
import { sampleTicket } from "./sample-ticket.ts";
import { Ticket, ticketSchemaFile } from "./ticket.ts";

const read = (text: string) => readTickets("sample", new TextEncoder().encode(text));

test("the sample ticket is one as it stands, and sets every key once its lines are uncommented", () => {
  const text = sampleTicket(".ampx/ticket.schema.json");
  expect(text.split("\n", 1)).toEqual(["# yaml-language-server: $schema=.ampx/ticket.schema.json"]);
  expect(read(text)).toMatchObject({ problems: [], tickets: [{ ticket: { id: "SAMPLE-1" } }] });
  const { problems, tickets } = read(text.replaceAll(/^#(?=\w)/gm, ""));
  expect(problems).toEqual([]);
  expect(Object.keys(tickets[0]?.ticket ?? {})).toEqual(Object.keys(Ticket.shape));
});

test("each key says what it means", () => {
  for (const [key, schema] of Object.entries(Ticket.shape))
    expect(schema.meta()?.description, key).toMatch(/\w\.$/);
});

test("the JSON Schema that is shipped is that of the tickets (vitest --update writes it)", async () => {
  await expect(ticketSchemaFile()).toMatchFileSnapshot("../../../cli/schemas/ticket.schema.json");
});

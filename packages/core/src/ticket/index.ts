export { backlogProblems } from "./backlog.ts";
export type { PlacedTicket, TicketProblem } from "./placed-ticket.ts";
export { maxTicketBytes, readTickets } from "./read-tickets.ts";
export { sampleTicket } from "./sample-ticket.ts";
export { Ticket, ticketJsonSchema, ticketSchemaFile } from "./ticket.ts";
export { ticketWish } from "./ticket-wish.ts";

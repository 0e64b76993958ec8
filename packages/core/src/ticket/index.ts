export { backlogProblems } from "./backlog.ts";
export {
  maxTicketBytes,
  readTickets,
  type PlacedTicket,
  type TicketProblem,
} from "./read-tickets.ts";
export { Ticket, ticketJsonSchema } from "./ticket.ts";

import type { Ticket } from "./ticket.ts";

/** Where something stands in a file; line and column from 1. */
export interface Place {
  file: string;
  line: number;
  column: number;
}

export interface TicketProblem extends Place {
  /** What is wrong, and what was expected. */
  message: string;
}

/** A ticket, and where it was written. */
export interface PlacedTicket extends Place {
  ticket: Ticket;
  /** Of one of its dependencies, by its position in the list. */
  placeOfDependency(index: number): Place;
}

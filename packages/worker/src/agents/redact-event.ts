import type { AgentEvent } from "../ports.ts";

/** The event without secrets. Ids, names and numbers are left as they are. */
export function redactedEvent(event: AgentEvent, redact: (text: string) => string): AgentEvent {
  switch (event.type) {
    case "text":
    case "thinking":
    case "diagnostic":
      return { ...event, text: redact(event.text) };
    case "tool":
      return { ...event, input: redact(event.input) };
    case "retry":
      return { ...event, message: redact(event.message) };
    case "session":
    case "tool_ended":
    case "usage":
    case "usage_so_far":
      return event;
  }
}

import { Ticket } from "./ticket.ts";

/** A ticket with all keys and what they mean, for people to copy. `schema`: where the JSON Schema lies, as seen from the file. */
export function sampleTicket(schema: string): string {
  const schemas = new Map(Object.entries(Ticket.shape));
  const keys = Object.entries(sample).map(([key, lines]) => {
    const { description = "" } = schemas.get(key)?.meta() ?? {};
    return `# ${description}\n${lines}\n`;
  });
  return `${head(schema)}\n${keys.join("\n")}`;
}

function head(schema: string): string {
  return `# yaml-language-server: $schema=${schema}
# A ticket is one piece of work for an agent. Copy this file, say what you want, look it over, and move it into backlog/ when it is complete:
#   cp sample-ticket.yaml hello.yaml
#   ampx validate hello.yaml
#   mv hello.yaml backlog/
# Only id and title are needed; remove the # before what else you want to set. A file may hold several tickets, with a line of --- between them.
`;
}

const sample: Record<keyof Ticket, string> = {
  id: "id: SAMPLE-1",
  title: "title: Greet people by name",
  description: `description: |
  The program says hello to nobody in particular. Let it take a name as its first argument.`,
  priority: "priority: 3",
  locks: "locks: [greeting]",
  dependencies: "#dependencies: [SAMPLE-0]",
  estimate_min: "#estimate_min: 20",
  tags: "#tags: [sample]",
  repo: "#repo: acme/shop",
  base: "#base: main",
  agent: "#agent: amp",
  max_attempts: "#max_attempts: 5",
  budget: "#budget: { usd: 2, minutes: 60 }",
  acceptance: `acceptance:
  - With a name it prints "Hello, <name>".
  - A test covers both ways of calling it.`,
  protected_paths: '#protected_paths: ["migrations/**"]',
};

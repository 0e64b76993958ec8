export { connectGitHub, gitHubPlace, type GitHub, type GitHubPlace } from "./connect.ts";
export { examineGitHub } from "./examine.ts";
export { inboxDuties } from "./inbox/duties.ts";
export { hearing } from "./inbox/hearing.ts";
export { createInbox, type Inbox } from "./inbox/watch.ts";
export { gitHubAddressOf } from "./names.ts";
export { gitHubTaskPorts } from "./task-ports.ts";

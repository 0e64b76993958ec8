export { connectGitHub, gitHubPlace, type GitHub, type GitHubPlace } from "./connect.ts";
export { examineGitHub } from "./examine.ts";
export { gitHubAddressOf } from "./names.ts";
export { gitHubTaskPorts } from "./task-ports.ts";

export type { ApiDeps, ApiLogger, Repositories } from "./api-deps.ts";
export { createApi } from "./create-api.ts";
export { newTaskId } from "./new-task-id.ts";
export { openApi } from "./open-api.ts";
export { routes } from "./routes.ts";
export { containsDigestedSecret, digestSecrets } from "./secret-digests.ts";
export { type RunningApi, startApi } from "./start-api.ts";

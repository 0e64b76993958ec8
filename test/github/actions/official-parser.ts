import { registerHooks } from "node:module";

// GitHub's own parser imports JSON files without saying that they are JSON, which Node refuses.
registerHooks({
  load(url, context, nextLoad) {
    const isTheirJson = url.endsWith(".json") && url.includes("/@actions/");
    if (!isTheirJson) return nextLoad(url, context);
    return nextLoad(url, { ...context, format: "json", importAttributes: { type: "json" } });
  },
});

/** Only after the hook above: a static import would be loaded before it. */
export const { convertWorkflowTemplate, parseWorkflow, NoOperationTraceWriter } =
  await import("@actions/workflow-parser");

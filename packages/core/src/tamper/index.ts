export { changedPaths } from "./changed-paths.ts";
export { Finding, TamperVerdict } from "./finding.ts";
export { findTampering, type TamperOptions } from "./find-tampering.ts";
export { defaultTamperPolicy, TamperPolicy } from "./policy.ts";
export { ruleNames, ruleWords } from "./rule-words.ts";
export { type TamperRuleName } from "./rules/index.ts";

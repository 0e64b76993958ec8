import type { Installed } from "../service/install-service.ts";
import type { ServicePlan } from "../service/service-plan.ts";
import type { ServiceStatus } from "../service/service-status.ts";
import { age } from "./duration.ts";
import type { Paint } from "./paint.ts";

const wroteWords = {
  new: "is installed",
  changed: "is renewed",
  unchanged: "was installed already",
} satisfies Record<Installed["wrote"], string>;

/** What `ampx service install` has done, and what is left to a person. */
export function installedText(
  { name, file, environmentFile }: ServicePlan,
  { wrote, server, leftOut, notes }: Installed,
  paint: Paint,
): string {
  const at = server === null ? "" : `; it serves ${server.url}, pid ${server.pid}`;
  const lines = [`${paint("green", "✓")} ${name} ${wroteWords[wrote]}: ${file}${at}`];
  if (leftOut.length > 0)
    lines.push(
      `${paint("yellow", "!")} set here, but not in the service: ${leftOut.join(", ")}`,
      `  put what its agents need into ${environmentFile}, as NAME=value, one a line`,
    );
  lines.push(...notes.map((note) => `${paint("yellow", "!")} ${note}`));
  return lines.join("\n");
}

/** The page of `ampx service status`. */
export function serviceStatusText(
  { name, file, installed, changed_by_hand, enabled, active, detail, server }: ServiceStatus,
  { now, paint }: { now: number; paint: Paint },
): string {
  const dot = active === true ? paint("green", "●") : paint("dim", "○");
  const start =
    enabled === null ? "" : enabled ? "; starts by itself" : "; does not start by itself";
  const lines = [
    installed ? `${dot} ${name}: ${detail}${start}` : `${dot} ${name} is not installed`,
    ...(installed ? [`  ${file}${changed_by_hand ? " (changed by hand)" : ""}`] : []),
    ...(!installed && enabled === null ? [`  ${detail}`] : []),
  ];
  if (server === null) return [...lines, "  no ampx server runs for this home"].join("\n");
  const how = active === true ? "" : ", started by hand";
  return [
    ...lines,
    `  ${server.url}, pid ${server.pid}, ampx ${server.version}, up ${age(server.started_at, now)}${how}`,
  ].join("\n");
}

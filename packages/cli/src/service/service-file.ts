import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { UserError } from "@ampx/core/user-error";
import type { ServicePlan } from "./service-plan.ts";
import { isUnchanged, stamped } from "./stamp.ts";

/** What a manager of services reads, as ampx writes it. */
export function fileText({ manager, text }: Pick<ServicePlan, "manager" | "text">): string {
  return stamped(text, manager === "systemd" ? "#" : "xml");
}

/** What is there now; null for nothing. */
export async function readService(file: string): Promise<{ text: string; byHand: boolean } | null> {
  const text = await textIfThere(file);
  return text === null ? null : { text, byHand: !isUnchanged(text) };
}

/** Writes the file, whole or not at all. */
export async function writeService(plan: ServicePlan): Promise<void> {
  const { file } = plan;
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, fileText(plan));
  await rename(draft, file);
}

/** Makes the file for keys, readable by nobody else, unless it is there. Returns what is in it. */
export async function keysFile(plan: ServicePlan, restartCommand: string): Promise<string> {
  const { environmentFile: file, home } = plan;
  // A home is closed to others; the folder of settings may be shared with other programs.
  await mkdir(dirname(file), { recursive: true, ...(dirname(file) === home && { mode: 0o700 }) });
  const words = `# Keys for the ampx service, such as AMP_API_KEY=…, one a line. It is read when the service starts: ${restartCommand}\n`;
  try {
    await writeFile(file, words, { mode: 0o600, flag: "wx" });
    return "";
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    return readFile(file, "utf8");
  }
}

/** The refusal of what a person has changed. */
export function changedByHand(file: string, command: string, hint: string): UserError {
  return new UserError(`${file} was changed by hand, or is not of ampx`, {
    kind: "conflict",
    tryThis: `ampx service ${command} --force${hint}`,
  });
}

async function textIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
}

import { z } from "zod";

/** Under these names the tools of agents are given files and folders. */
const fields = ["file_path", "filePath", "filepath", "path", "abs_path", "notebook_path"];
const Input = z.record(z.string(), z.unknown());

/** The files and folders that a tool's input names by itself. */
export function namedPaths(input: unknown): string[] {
  const named = Input.safeParse(input).data ?? {};
  return fields.flatMap((field) => {
    const path = named[field];
    return typeof path === "string" && path !== "" ? [path] : [];
  });
}

import { appendFile, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";

const Progress = z.object({ turn: z.int().nonnegative(), step: z.int().nonnegative() });

/** How far a session is: the turn, counted from 0, and the first of its steps that has not been done. */
export type Progress = z.infer<typeof Progress>;

const Prompt = z.object({ prompt: z.string() });

/** What the scripted agent remembers of a session, in a folder of the session's own. */
export class ScriptedSession {
  readonly #folder: string;

  constructor(stateDir: string, id: string) {
    this.#folder = join(stateDir, id);
  }

  /** Notes a received prompt before anything is done about it; returns the session's first one. */
  async receive(prompt: string): Promise<string> {
    await mkdir(this.#folder, { recursive: true });
    const file = join(this.#folder, "prompts.jsonl");
    await appendFile(file, `${JSON.stringify({ prompt })}\n`);
    const [first = ""] = (await readFile(file, "utf8")).split("\n", 1);
    return Prompt.parse(JSON.parse(first)).prompt;
  }

  async progress(): Promise<Progress> {
    try {
      return Progress.parse(
        JSON.parse(await readFile(join(this.#folder, "progress.json"), "utf8")),
      );
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOENT")
        return { turn: 0, step: 0 };
      throw error;
    }
  }

  async advance(progress: Progress): Promise<void> {
    const file = join(this.#folder, "progress.json");
    await writeFile(`${file}.new`, JSON.stringify(progress));
    await rename(`${file}.new`, file);
  }
}

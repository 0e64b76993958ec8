import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Stage } from "./agent-stage.ts";

/** Writes down what a fake agent program is to play. It finds the file, whose path is returned, by a variable of its own. */
export async function writePlay(stage: Stage, play: object): Promise<string> {
  const file = playFile(stage);
  await writeFile(file, JSON.stringify(play));
  return file;
}

const Call = z.array(z.unknown());

/** How the fake was called: its arguments, or what it was asked in its protocol, call by call. */
export async function callsOf(stage: Stage): Promise<unknown[][]> {
  const lines = (await readFile(`${playFile(stage)}.calls`, "utf8")).trim().split("\n");
  return lines.map((line) => Call.parse(JSON.parse(line)));
}

/** What the fake's standard input gave it last. */
export function promptOf(stage: Stage): Promise<string> {
  return readFile(`${playFile(stage)}.prompt`, "utf8");
}

function playFile(stage: Stage): string {
  return join(stage.folder, "play.json");
}

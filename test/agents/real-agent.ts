import type { Model, ModelAnswer } from "./model-script.ts";
import type { ModelServer, ModelServerOptions } from "./model-server.ts";

/** A real agent program, and how it is led to a scripted model. */
export interface RealAgent {
  /** As ampx calls it. */
  name: string;
  /** Brings the exact version from npm when it is not there; returns the path of its command. It is never part of the repository. */
  install(): Promise<string>;
  /** Its part of ampx's configuration; by default that of a command alone. */
  config?(command: string): object;
  startModel(options: ModelServerOptions): Promise<ModelServer>;
  /** Signs in and names the model server, by files in a fresh home or by the variables of the environment that are returned. */
  settle(place: { home: string; url: string; key: string }): Promise<Record<string, string>>;
  /** The agent's way to replace a part of a file, which is named below its folder. */
  edit(file: string, from: string, to: string): Model | ModelAnswer;
  /** The agent's way to run a command line. */
  run(commandLine: string): ModelAnswer;
}

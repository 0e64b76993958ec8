/** How a service is, as its manager tells it. */
export interface ServiceState {
  /** It starts by itself when the user's services do. */
  enabled: boolean;
  /** It runs, or is about to. */
  active: boolean;
  /** In the manager's own words: `active (running)`. */
  detail: string;
}

/** Who runs the services of a user. Every verb throws a `UserError` that says what to do when it cannot be reached. */
export interface ServiceManager {
  look(): Promise<ServiceState>;
  /** Reads the service's file anew and has it started from now on; with `start` at once. */
  enable(options: { start: boolean }): Promise<void>;
  /** Ends the service, and has it started no more. */
  disable(): Promise<void>;
  /** Lets go of a file that was deleted. */
  forget(): Promise<void>;
  /** What may surprise a person about this manager. */
  notes(): Promise<string[]>;
  /** What a person types to have the service started anew. */
  restartCommand: string;
}

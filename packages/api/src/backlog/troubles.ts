/** Tells each trouble once, as long as it stays the same, and not at each scan. */
export class Troubles {
  readonly #report: (message: string, error?: unknown) => void;
  readonly #told = new Map<string, string>();

  constructor(report: (message: string, error?: unknown) => void) {
    this.#report = report;
  }

  /** `about`: what the trouble is with; it has one at a time. `error` only for bugs, whose stack is wanted. */
  tell(about: string, message: string, error?: unknown): void {
    if (this.#told.get(about) === message) return;
    this.#told.set(about, message);
    this.#report(message, error);
  }

  /** It is over: should it come again, it is told again. */
  forget(about: string): void {
    this.#told.delete(about);
  }

  keepOnly(isThere: (about: string) => boolean): void {
    for (const about of this.#told.keys()) if (!isThere(about)) this.#told.delete(about);
  }
}

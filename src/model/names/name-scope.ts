/**
 * Hands out the names of one scope, so that no two are alike. The first gets the name unchanged, a later one an
 * escape: `Point`, `Point$`, `Point$1`, … (protobuf-es escapes the same way).
 */
export class NameScope {
  readonly #taken: Set<string>;
  /** Where the search for an escape goes on, so that a thousand names alike cost a thousand steps. */
  readonly #salts = new Map<string, number>();

  /** `reserved`: names that are never given unchanged. */
  constructor(reserved: Iterable<string> = []) {
    this.#taken = new Set(reserved);
  }

  /** The first of the candidates that is free; the escaped first one where none is. */
  claim(ideal: string, ...alternatives: readonly string[]): string {
    const name = [ideal, ...alternatives].find((candidate) => !this.#taken.has(candidate)) ?? this.#escape(ideal);
    this.#taken.add(name);
    return name;
  }

  #escape(ideal: string): string {
    for (let salt = this.#salts.get(ideal) ?? 0; ; salt++) {
      const name = salt === 0 ? `${ideal}$` : `${ideal}$${salt}`;
      if (this.#taken.has(name)) continue;
      this.#salts.set(ideal, salt + 1);
      return name;
    }
  }
}

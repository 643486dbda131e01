import { toBase64 } from "../core/bytes.js";
import type { ResumeToken } from "./resume-options.js";

/** Remembers the latest tokens, so that none is delivered twice. */
export class SeenTokens {
  readonly #limit: number;
  /** In order of coming: the oldest is the first. */
  readonly #keys = new Set<string | number | bigint>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Remembers it; false where it is there already. Throws a TypeError where it is no token. */
  add(token: ResumeToken): boolean {
    const key = keyOf(token);
    if (this.#keys.has(key)) return false;
    this.#keys.add(key);
    if (this.#keys.size > this.#limit) {
      for (const oldest of this.#keys) {
        this.#keys.delete(oldest);
        break;
      }
    }
    return true;
  }
}

function keyOf(token: ResumeToken): string | number | bigint {
  if (typeof token === "string" || typeof token === "number" || typeof token === "bigint") return token;
  if (token instanceof Uint8Array) return toBase64(token);
  throw new TypeError(`a token is a string, a number, a bigint or bytes, and this is ${typeof token}`);
}

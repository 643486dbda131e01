import { contentLengthOf, trailersFault } from "./headers/index.js";

const NOTHING: readonly string[] = [];

/**
 * Checks header lists against the last one that was found valid: calls of one connection send nearly the same lists, in strings that HPACK's table
 * holds, so that comparing them is cheaper than reading them again. What differs is checked alone.
 */
export class HeadersMemo {
  /** What content-length said in the list that was checked last; -1 for nothing. */
  contentLength = -1;
  /** The list that was checked last, or an equal one: calls that send the same share one list, for as long as they keep it. */
  list: readonly string[] = NOTHING;
  readonly #check: (headers: readonly string[]) => string | undefined;
  #known: readonly string[] = NOTHING;
  #knownLength = -1;

  /** @param check The whole check: what is wrong with a list, undefined where nothing is. */
  constructor(check: (headers: readonly string[]) => string | undefined) {
    this.#check = check;
  }

  /** What is wrong with this list. */
  fault(headers: readonly string[]): string | undefined {
    const known = this.#known;
    if (headers.length !== known.length || headers.length === 0) return this.#checkAll(headers);
    let changed: string[] | undefined;
    for (let i = 0; i < headers.length; i++) {
      if (headers[i] === known[i]) continue;
      // A name, or a value that the rest of the list depends on.
      if ((i & 1) === 0 || dependsOnOthers(known[i - 1]!)) return this.#checkAll(headers);
      changed ??= [];
      changed.push(known[i - 1]!, headers[i]!);
    }
    this.contentLength = this.#knownLength;
    this.list = changed === undefined ? known : headers;
    return changed === undefined ? undefined : trailersFault(changed);
  }

  #checkAll(headers: readonly string[]): string | undefined {
    const fault = this.#check(headers);
    if (fault !== undefined) return fault;
    this.contentLength = contentLengthOf(headers);
    this.list = headers;
    this.#known = headers;
    this.#knownLength = this.contentLength;
    return undefined;
  }
}

function dependsOnOthers(name: string): boolean {
  return name.charCodeAt(0) === 0x3a || name === "content-length" || name === "host";
}

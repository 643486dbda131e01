import { endOfString, huffmanCodes, huffmanLengths } from "../../../src/runtime/h2/hpack/huffman-code.js";
import { staticNames, staticValues } from "../../../src/runtime/h2/hpack/static-table.js";

/**
 * RFC 7541 as it is told, without a thought for speed: what the decoder is compared with. Throws where a block is malformed,
 * by the same limits as ours: integers of at most four bytes more, two size updates.
 */
export class ReferenceDecoder {
  table: [name: string, value: string][] = [];
  maxSize = 4096;
  readonly #announced: number;
  #rest: number[] = [];

  constructor(announced: number) {
    this.#announced = Math.max(4096, announced);
  }

  decode(block: Uint8Array): string[] {
    this.#rest = [...block];
    const headers: string[] = [];
    let updates = 0;
    while (this.#rest.length > 0) {
      const bits = this.#rest[0]!.toString(2).padStart(8, "0");
      if (bits.startsWith("1")) {
        headers.push(...this.#entry(this.#integer(7)));
      } else if (bits.startsWith("001")) {
        if (headers.length > 0 || ++updates > 2) throw new Error("misplaced size update");
        this.maxSize = this.#integer(5);
        if (this.maxSize > this.#announced) throw new Error("size too large");
        this.#evict(0);
      } else {
        const indexing = bits.startsWith("01");
        const index = this.#integer(indexing ? 6 : 4);
        const name = index === 0 ? this.#string() : this.#entry(index)[0];
        const value = this.#string();
        headers.push(name, value);
        if (indexing) this.#add(name, value);
      }
    }
    return headers;
  }

  #entry(index: number): readonly [string, string] {
    if (index > 0 && index < staticNames.length) return [staticNames[index]!, staticValues[index]!];
    const entry = this.table[index - staticNames.length];
    if (entry === undefined) throw new Error("no such index");
    return entry;
  }

  #add(name: string, value: string): void {
    const size = name.length + value.length + 32;
    this.#evict(size);
    if (size <= this.maxSize) this.table.unshift([name, value]);
  }

  #evict(room: number): void {
    const size = () => this.table.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
    while (this.table.length > 0 && size() + room > this.maxSize) this.table.pop();
  }

  #byte(): number {
    const byte = this.#rest.shift();
    if (byte === undefined) throw new Error("cut short");
    return byte;
  }

  #integer(prefixBits: number): number {
    const limit = 2 ** prefixBits - 1;
    let value = this.#byte() % 2 ** prefixBits;
    if (value < limit) return value;
    for (let more = 0; more < 4; more++) {
      const byte = this.#byte();
      value += (byte % 128) * 128 ** more;
      if (byte < 128) return value;
    }
    throw new Error("integer too large");
  }

  #string(): string {
    const isHuffman = (this.#rest[0] ?? 0) >= 128;
    const length = this.#integer(7);
    if (length > this.#rest.length) throw new Error("cut short");
    const bytes = this.#rest.splice(0, length);
    return isHuffman ? huffmanText(bytes) : bytes.map((byte) => String.fromCharCode(byte)).join("");
  }
}

const symbolOf = new Map(
  Array.from(huffmanCodes, (code, symbol) => [code.toString(2).padStart(huffmanLengths[symbol]!, "0"), symbol]),
);

function huffmanText(bytes: readonly number[]): string {
  let text = "";
  let code = "";
  for (const bit of bytes.map((byte) => byte.toString(2).padStart(8, "0")).join("")) {
    code += bit;
    const symbol = symbolOf.get(code);
    if (symbol === undefined) continue;
    if (symbol === endOfString) throw new Error("EOS");
    text += String.fromCharCode(symbol);
    code = "";
  }
  if (!/^1{0,7}$/.test(code)) throw new Error("padding");
  return text;
}

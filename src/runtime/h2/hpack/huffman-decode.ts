import { HpackError } from "./hpack-error.js";
import { endOfString, huffmanCodes, huffmanLengths } from "./huffman-code.js";

/**
 * The Huffman code as an automaton that takes four bits a step: a state is an inner node of the code's tree (256 of them).
 * `steps[state * 16 + four bits]` is the next state, with the byte that was completed (one at most: no code is shorter
 * than five bits) in the second byte, and {@link emits} or {@link fails}.
 */
interface Automaton {
  readonly steps: Uint32Array;
  /** 1 where a string may end in that state: after less than eight ones ({@link https://www.rfc-editor.org/rfc/rfc7541#section-5.2 | RFC 7541, 5.2}). */
  readonly accepts: Uint8Array;
}

const emits = 0x10000;
const fails = 0x20000;

const { steps, accepts }: Automaton = /* @__PURE__ */ build();

/**
 * Decodes a Huffman-coded string into `target` from `position` on, where room for 8/5 of its bytes must be, and returns its length.
 * Throws {@link HpackError} where EOS is in the string, or its padding is a byte or longer or anything but ones.
 */
export function readHuffman(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  position: number,
): number {
  let state = 0;
  let to = position;
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!;
    const high = steps[(state << 4) | (byte >>> 4)]!;
    if (high >= emits) {
      if (high >= fails) throw endInside();
      target[to++] = high >>> 8;
    }
    const low = steps[((high & 0xff) << 4) | (byte & 15)]!;
    if (low >= emits) {
      if (low >= fails) throw endInside();
      target[to++] = low >>> 8;
    }
    state = low & 0xff;
  }
  if (accepts[state] === 0) throw new HpackError("a Huffman-coded string is padded wrongly");
  return to - position;
}

function endInside(): HpackError {
  return new HpackError("a Huffman-coded string contains EOS");
}

/** A tree of inner nodes: `children[node * 2 + bit]` is a node, or a symbol as -1 - symbol. */
function buildTree(): Int16Array {
  const children = new Int16Array(512);
  let nodes = 1;
  for (let symbol = 0; symbol <= endOfString; symbol++) {
    const code = huffmanCodes[symbol]!;
    let node = 0;
    for (let bit = huffmanLengths[symbol]! - 1; bit > 0; bit--) {
      const edge = node * 2 + ((code >>> bit) & 1);
      if (children[edge] === 0) children[edge] = nodes++;
      node = children[edge]!;
    }
    children[node * 2 + (code & 1)] = -1 - symbol;
  }
  return children;
}

function build(): Automaton {
  const children = buildTree();
  const steps = new Uint32Array(256 * 16);
  for (let state = 0; state < 256; state++) {
    for (let nibble = 0; nibble < 16; nibble++) steps[state * 16 + nibble] = step(children, state, nibble);
  }
  const accepts = new Uint8Array(256);
  for (let ones = 0, node = 0; ones < 8; ones++, node = children[node * 2 + 1]!) accepts[node] = 1;
  return { steps, accepts };
}

function step(children: Int16Array, state: number, nibble: number): number {
  let node = state;
  let emitted = 0;
  for (let bit = 3; bit >= 0; bit--) {
    const next = children[node * 2 + ((nibble >>> bit) & 1)]!;
    if (next >= 0) {
      node = next;
    } else {
      const symbol = -1 - next;
      if (symbol === endOfString) return fails;
      emitted = emits | (symbol << 8);
      node = 0;
    }
  }
  return emitted | node;
}

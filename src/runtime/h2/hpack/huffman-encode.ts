import { huffmanCodes, huffmanLengths } from "./huffman-code.js";

/** How many bytes the string takes in the Huffman code; -1 where it has a character over 0xff. */
export function huffmanSize(text: string): number {
  let bits = 0;
  let all = 0;
  for (let i = 0; i < text.length; i++) {
    const symbol = text.charCodeAt(i);
    all |= symbol;
    bits += huffmanLengths[symbol & 0xff]!;
  }
  return all > 0xff ? -1 : (bits + 7) >>> 3;
}

/**
 * Writes the string in the Huffman code, padded with ones ({@link https://www.rfc-editor.org/rfc/rfc7541#section-5.2 | RFC 7541, 5.2}),
 * and returns the position behind it. The room must be there: {@link huffmanSize}.
 */
export function writeHuffman(text: string, bytes: Uint8Array, position: number): number {
  let pending = 0;
  let pendingBits = 0; // below 8 at every turn
  for (let i = 0; i < text.length; i++) {
    const symbol = text.charCodeAt(i);
    const code = huffmanCodes[symbol]!;
    let bits = huffmanLengths[symbol]!;
    if (bits > 24) {
      // 7 pending bits and 30 new ones are more than a word: a byte of the code first.
      bits -= 8;
      pending = (pending << 8) | (code >>> bits);
      bytes[position++] = pending >>> pendingBits;
    }
    pending = (pending << bits) | (code & (0xffffff >>> (24 - bits)));
    pendingBits += bits;
    while (pendingBits >= 8) {
      pendingBits -= 8;
      bytes[position++] = pending >>> pendingBits;
    }
  }
  if (pendingBits > 0) bytes[position++] = (pending << (8 - pendingBits)) | (0xff >>> pendingBits);
  return position;
}

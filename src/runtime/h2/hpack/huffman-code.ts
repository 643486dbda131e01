/**
 * Bits of each symbol's code in {@link https://www.rfc-editor.org/rfc/rfc7541#appendix-B | RFC 7541, appendix B}: 256 bytes
 * and the end of the string (EOS). The code is canonical: among codes of one length, each is one more than the symbol's
 * before it, so the lengths tell the codes. A digit is one length, in base 36.
 */
const lengths: string =
  "dnsssssssoussussssssssusssssssss6aacd68baa8b8666555666666678f6ca" +
  "d67777777777777777777777878djde6f56565666577666567655677777fbeds" +
  "kmkkmmmnmnnnnnonoomnonnnnlmnmnnomlkmmnnlnmmolmnnllmlnmnnkmmmnmmn" +
  "qqkjmnmpqqqrrqopjlqrrqrollqqsrrrkoklmllnmmppooqnqrqqrrrrrsrrrrrq" +
  "u";

/** The symbol that ends a string and must never be in one. */
export const endOfString = 256;

/** Bits of each byte's code, and of EOS. */
export const huffmanLengths: Uint8Array = /* @__PURE__ */ Uint8Array.from(lengths, (digit) =>
  Number.parseInt(digit, 36),
);

/** Each byte's code, and EOS', in the low bits. */
export const huffmanCodes: Uint32Array = /* @__PURE__ */ assignCodes(huffmanLengths);

function assignCodes(lengths: Uint8Array): Uint32Array {
  const codes = new Uint32Array(lengths.length);
  let next = 0;
  for (let bits = 1; bits <= 30; bits++) {
    next *= 2;
    for (let symbol = 0; symbol < lengths.length; symbol++) if (lengths[symbol] === bits) codes[symbol] = next++;
  }
  return codes;
}

import { fromBase64, joinBytes, toPaddedBase64 } from "../../core/bytes.js";

const ascii = new TextDecoder("latin1");
const utf8 = new TextEncoder();
const NO_BYTES = new Uint8Array(0);

/** A piece of an answer's body as base64: with padding, so that pieces may follow one another (gRPC-Web, "application/grpc-web-text"). */
export function encodeText(bytes: Uint8Array): Uint8Array {
  return utf8.encode(toPaddedBase64(bytes));
}

/** Decodes a body of base64 that comes in pieces, cut anywhere; each group of four characters may be padded. */
export class TextDecoding {
  #rest = "";
  #malformed = false;

  /** The bytes of all groups that are complete; none from the first character on that is not base64's. */
  decode(piece: Uint8Array): Uint8Array {
    const text = this.#rest + ascii.decode(piece).replace(/\s+/g, "");
    // A decoder that left it out would give other bytes than were sent.
    this.#malformed ||= /[^A-Za-z0-9+/=]/.test(text);
    if (this.#malformed) return NO_BYTES;
    const whole = text.length - (text.length % 4);
    this.#rest = text.slice(whole);
    if (whole === 0) return NO_BYTES;
    const groups = text.slice(0, whole);
    // Padding within the text ends one piece of the sender's; the next begins behind it.
    const pieces = groups.match(/[^=]+={0,2}/g) ?? [];
    return pieces.length === 1 ? fromBase64(groups) : joinBytes(pieces.map(fromBase64));
  }

  /** Whether a character came that is not base64's. */
  get malformed(): boolean {
    return this.#malformed;
  }

  /** Whether a group of four has begun that has not ended. */
  get truncated(): boolean {
    return this.#rest !== "";
  }
}

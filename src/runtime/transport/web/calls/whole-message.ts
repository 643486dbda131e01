import { joinBytes } from "../../../core/bytes.js";
import type { Codec } from "../../../core/codec.js";
import type { RpcError } from "../../../core/rpc-error.js";
import { type DecoderOptions, MessageDecoder } from "../../../wire/message-decoder.js";
import type { Compression, ReceivedMessages } from "../../transport.js";

/** The one message of a body without envelopes: complete where the body ends. */
export class WholeMessage implements ReceivedMessages<unknown> {
  readonly #decoder: MessageDecoder<unknown>;
  readonly #encoding: Compression;
  #pieces: Uint8Array[] = [];
  #size = 0;
  #waiting = 0;
  #dropped = false;
  #fault: RpcError | undefined;

  constructor(codec: Codec<unknown, never>, options: DecoderOptions, encoding: Compression) {
    this.#decoder = new MessageDecoder(codec, options);
    this.#encoding = encoding;
  }

  get waiting(): number {
    return this.#waiting;
  }

  get lastSize(): number {
    return this.#size;
  }

  get compressed(): boolean {
    return this.#encoding !== "identity";
  }

  get mayBeCompressed(): boolean {
    return this.compressed;
  }

  /** Keeps a copy. True where the message became larger than it may be: taking it throws (P12). */
  add(bytes: Uint8Array): boolean {
    if (this.#dropped || this.#fault !== undefined) return false;
    this.#size += bytes.length;
    if (this.#size > this.#decoder.limit) {
      this.#pieces = [];
      this.#fault = this.#decoder.tooLong(this.#size);
      this.#waiting = 1;
      return true;
    }
    this.#pieces.push(new Uint8Array(bytes)); // not `slice`: a Buffer's shares memory
    return false;
  }

  /** The body has ended. True where the message waits to be taken. */
  end(): boolean {
    if (this.#dropped || this.#fault !== undefined) return false;
    this.#waiting = 1;
    return true;
  }

  next(): unknown {
    this.#waiting = 0;
    const pieces = this.#pieces;
    this.#pieces = [];
    if (this.#fault !== undefined) throw this.#fault;
    // Nobody else has the copy that was made of it. An empty body is an empty message, not a compressed one.
    const body = pieces.length === 1 ? pieces[0]! : joinBytes(pieces);
    return this.#decoder.decode(this.compressed && body.length > 0 ? 1 : 0, this.#encoding, body, 0, body.length);
  }

  drop(): void {
    this.#dropped = true;
    this.#waiting = 0;
    this.#pieces = [];
  }
}

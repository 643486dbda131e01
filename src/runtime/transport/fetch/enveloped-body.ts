import { RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import { inflateWeb } from "../../platform/web/compression-streams.js";
import { statusOfBrokenAnswer } from "../../wire/deadline-code.js";
import { PREFIX_BYTES, prefixedLength, putPrefix } from "../../wire/message-prefix.js";
import type { ResponseBody } from "./response-body.js";
import type { EnvelopedHead } from "./response-head.js";

const COMPRESSED_FLAG = 1;

/** What an {@link EnvelopedBody} needs of its call. */
export interface EnvelopeReceiver {
  readonly maxReceiveMessageBytes: number;
  /** The largest last envelope that is accepted. */
  readonly maxMetadataBytes: number;
  /** The call's, on the monotonic clock: a body that breaks off then does so for that. */
  readonly deadline: number;
  /** Messages behind their prefixes, cut anywhere. They are read before this returns, or copied. */
  onEnvelopes(bytes: Uint8Array, start: number, end: number): void;
  /** Whether a message has begun that has not ended. */
  readonly truncated: boolean;
}

/**
 * Parts messages from the last envelope, which tells how the call ended. Compressed messages are collected and inflated here, as the
 * platform inflates in its own time; they go on with their flag, and inflated.
 */
export class EnvelopedBody implements ResponseBody {
  readonly #head: EnvelopedHead;
  readonly #receiver: EnvelopeReceiver;
  /** A prefix that came in several pieces. */
  readonly #prefix = new Uint8Array(PREFIX_BYTES);
  #prefixLength = 0;
  /** Bytes of the current envelope's body that are still to come. */
  #left = 0;
  /** The body of an envelope that is collected; undefined while messages go through as they come. */
  #collected: Uint8Array | undefined;
  #collectedFlag = 0;
  #status: StatusObject | undefined;

  constructor(head: EnvelopedHead, receiver: EnvelopeReceiver) {
    this.#head = head;
    this.#receiver = receiver;
  }

  push(piece: Uint8Array): Promise<void> | undefined {
    return this.#advance(piece, 0);
  }

  end(): StatusObject {
    if (this.#left > 0 || this.#prefixLength > 0 || this.#receiver.truncated) {
      return this.#brokenOff("the response ended within a message");
    }
    return this.#status ?? this.#brokenOff("the response ended without a status");
  }

  #brokenOff(details: string): StatusObject {
    return statusOfBrokenAnswer(statusObject(status.INTERNAL, details), this.#receiver.deadline);
  }

  #advance(piece: Uint8Array, from: number): Promise<void> | undefined {
    let at = from;
    /** Where that begins which can go through. */
    let through = from;
    const { length } = piece;
    while (at < length) {
      if (this.#left > 0) {
        const part = Math.min(this.#left, length - at);
        if (this.#collected !== undefined) {
          this.#collected.set(piece.subarray(at, at + part), this.#collected.length - this.#left);
          through = at + part;
        }
        at += part;
        this.#left -= part;
        if (this.#left > 0 || this.#collected === undefined) continue;
        const wait = this.#complete(this.#collected);
        if (wait !== undefined) return wait.then(() => this.#advance(piece, at));
        continue;
      }
      if (this.#status !== undefined)
        throw new RpcError(status.INTERNAL, "the server sent more behind the end of the call");
      if (this.#prefixLength === 0 && length - at >= PREFIX_BYTES) {
        const size = prefixedLength(piece, at);
        if (this.#collects(piece[at]!, size)) {
          this.#pass(piece, through, at);
          through = at + PREFIX_BYTES;
        }
        at += PREFIX_BYTES;
      } else {
        this.#pass(piece, through, at);
        this.#prefix[this.#prefixLength++] = piece[at++]!;
        through = at;
        if (this.#prefixLength < PREFIX_BYTES) continue;
        this.#prefixLength = 0;
        const size = prefixedLength(this.#prefix, 0);
        if (!this.#collects(this.#prefix[0]!, size)) this.#pass(this.#prefix, 0, PREFIX_BYTES);
      }
      if (this.#left > 0 || this.#collected === undefined) continue;
      const wait = this.#complete(this.#collected);
      if (wait !== undefined) return wait.then(() => this.#advance(piece, at));
    }
    this.#pass(piece, through, length);
    return undefined;
  }

  /** Begins an envelope. True where its body is collected. */
  #collects(flag: number, size: number): boolean {
    const { maxMetadataBytes, maxReceiveMessageBytes } = this.#receiver;
    this.#left = size;
    this.#collected = undefined;
    if ((flag & this.#head.endFlag) !== 0) {
      if (size > maxMetadataBytes) {
        const details = `the server sent ${size} bytes of metadata; the limit is ${maxMetadataBytes} bytes (maxMetadataBytes)`;
        throw new RpcError(status.RESOURCE_EXHAUSTED, details);
      }
    } else if (flag !== COMPRESSED_FLAG || this.#head.encoding === "identity" || size > maxReceiveMessageBytes) {
      return false;
    }
    this.#collected = new Uint8Array(size);
    this.#collectedFlag = flag;
    return true;
  }

  #complete(body: Uint8Array): Promise<void> | undefined {
    this.#collected = undefined;
    const { encoding } = this.#head;
    const { maxMetadataBytes, maxReceiveMessageBytes } = this.#receiver;
    const isEnd = (this.#collectedFlag & this.#head.endFlag) !== 0;
    if ((this.#collectedFlag & COMPRESSED_FLAG) === 0) {
      this.#status = this.#head.statusOfEnd(body);
      return undefined;
    }
    if (encoding === "identity") {
      throw new RpcError(status.INTERNAL, "the end of the call came compressed, but no encoding was named");
    }
    return inflateWeb(body, encoding, isEnd ? maxMetadataBytes : maxReceiveMessageBytes).then((inflated) => {
      if (isEnd) this.#status = this.#head.statusOfEnd(inflated);
      else this.#passInflated(inflated);
    });
  }

  #passInflated(body: Uint8Array): void {
    const envelope = new Uint8Array(PREFIX_BYTES + body.length);
    putPrefix(envelope, 0, COMPRESSED_FLAG, body.length);
    envelope.set(body, PREFIX_BYTES);
    this.#pass(envelope, 0, envelope.length);
  }

  #pass(bytes: Uint8Array, start: number, end: number): void {
    if (start < end) this.#receiver.onEnvelopes(bytes, start, end);
  }
}

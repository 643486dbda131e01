import type { MessageSender } from "../call/message-types.js";
import { ignore } from "../core/deferred.js";
import { type OptionNames, refuseUnknown } from "../core/known-options.js";
import { type ByteSource, openSource } from "./byte-source.js";
import { ChunkedMessages } from "./chunked-messages.js";

/** Options of {@link sendBytes}. */
export interface SendBytesOptions<Init> {
  /**
   * Makes the message of a chunk. `offset`: where its first byte stands, from 0. The bytes may be the source's own buffer: they
   * are encoded before the next chunk is asked for, and are not to be kept.
   */
  readonly toMessage: (bytes: Uint8Array, offset: number) => Init;
  /** The most bytes of a message. Default 65536. Smaller pieces of the source are sent as they are. */
  readonly chunkBytes?: number | undefined;
  /** Called after each chunk with the bytes that the call has accepted since the start. An error that it throws ends the call. */
  readonly onProgress?: ((sentBytes: number) => void) | undefined;
}

/** How a source ended. */
export interface SentBytes {
  /** Bytes that the call has accepted. */
  readonly bytes: number;
  /** False: the server ended the call with OK before all was sent. */
  readonly complete: boolean;
}

const NAMES: OptionNames<SendBytesOptions<unknown>> = { toMessage: true, chunkBytes: true, onProgress: true };
const DEFAULT_CHUNK_BYTES = 64 * 1024;

/**
 * Sends bytes of a Node or web stream, a Blob or an iterable as messages of a call, of either side. The source is read when there is room
 * (P2, P9), and the sending side stays open: close it by `closeAndRecv` or `closeSend`.
 *
 * Cancels go both ways. When the call ends, the source is destroyed or cancelled at once, and the promise is false in `complete`
 * where that was with OK, else rejects with the call's RpcError. When the source fails, or `toMessage` or `onProgress` throws, the
 * call ends, as with `sendAll` (a client's with CANCELLED and the error as its cause), and the promise rejects with that error.
 *
 * Rejects with a TypeError, and nothing is sent, for an unknown option and for a value that is not a source of bytes.
 * @example
 * ```ts
 * await using call = client.upload();
 * await sendBytes(call, createReadStream(path), { toMessage: (data) => ({ data }) });
 * const { sha256 } = await call.closeAndRecv();
 * ```
 */
export function sendBytes<Init, const Made extends Init>(
  call: MessageSender<Init>,
  source: ByteSource,
  options: SendBytesOptions<Made>,
): Promise<SentBytes> {
  const sent = send(call, source, options);
  sent.catch(ignore); // need not be awaited, as sendAll (P10)
  return sent;
}

async function send<Init>(
  call: MessageSender<Init>,
  source: ByteSource,
  options: SendBytesOptions<Init>,
): Promise<SentBytes> {
  refuseUnknown(options, NAMES, "sendBytes");
  const { toMessage, onProgress } = options;
  const chunkBytes = checkedChunkBytes(options.chunkBytes);
  if (typeof toMessage !== "function") throw new TypeError("sendBytes needs toMessage: (bytes, offset) => a message");
  const messages = new ChunkedMessages(openSource(source), { chunkBytes, toMessage, onProgress, offset: 0 });
  try {
    const complete = await call.sendAll(messages);
    return { bytes: messages.acceptedBytes, complete };
  } finally {
    void messages.return(); // a call that is over asks for nothing, and does not stop the source either
  }
}

/** The default filled in. Throws a TypeError for what is no size. */
export function checkedChunkBytes(chunkBytes: number | undefined): number {
  if (chunkBytes === undefined) return DEFAULT_CHUNK_BYTES;
  if (Number.isInteger(chunkBytes) && chunkBytes >= 1) return chunkBytes;
  throw new TypeError(`chunkBytes is ${chunkBytes}; it takes a whole number of bytes, at least 1`);
}

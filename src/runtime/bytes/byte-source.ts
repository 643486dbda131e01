/** What bytes are read from: a Node or web stream, a Blob or File, bytes, or any iterable of bytes. Told by shape. */
export type ByteSource =
  | Uint8Array
  | Iterable<Uint8Array>
  | AsyncIterable<Uint8Array>
  | WebByteStream
  | { stream(): WebByteStream; readonly size: number };

/** What is used of a web `ReadableStream`. */
export interface WebByteStream {
  /** As of a `ReadableStream`. */
  getReader(): {
    read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
    cancel(reason?: unknown): Promise<void>;
  };
}

/** Bytes in pieces as they come, and a way to end it at once, while it waits for a piece too. */
export interface ByteReader {
  /** The next piece; undefined at the end. */
  read(): Promise<Uint8Array | undefined>;
  /** Closes the source: the rest is not needed. Never throws. */
  stop(reason: unknown): void;
}

/** What is used of a Node stream beside its iterator. */
interface Destroyable {
  destroy(error?: Error): unknown;
}

const SHAPES = "source of bytes: a Node stream, a web ReadableStream, a Blob, a Uint8Array, or an iterable of them";

/** Throws a TypeError for a value of any other kind. */
export function openSource(source: ByteSource): ByteReader {
  if (typeof source !== "object" || source === null) throw new TypeError(`${typeof source} is no ${SHAPES}`);
  if (source instanceof Uint8Array) return fromIterator([source].values());
  if ("getReader" in source) return fromWeb(source);
  if ("destroy" in source && isDestroyable(source) && Symbol.asyncIterator in source) return fromNode(source);
  if (Symbol.asyncIterator in source) return fromIterator(source[Symbol.asyncIterator]());
  if (Symbol.iterator in source) return fromIterator(source[Symbol.iterator]());
  if ("stream" in source && typeof source.stream === "function") return fromWeb(source.stream());
  throw new TypeError(`an object without an iterator is no ${SHAPES}`);
}

function isDestroyable(source: object): source is Destroyable & AsyncIterable<Uint8Array> {
  return typeof (source as Partial<Destroyable>).destroy === "function"; // asked here
}

function fromWeb(stream: WebByteStream): ByteReader {
  const reader = stream.getReader();
  return {
    async read() {
      const { done, value } = await reader.read();
      return done ? undefined : value;
    },
    stop: (reason) => quietly(() => reader.cancel(reason)),
  };
}

/** Leaving the iterator of a Node stream waits for the next piece; destroying the stream does not. */
function fromNode(stream: Destroyable & AsyncIterable<Uint8Array>): ByteReader {
  const reader = fromIterator(stream[Symbol.asyncIterator]());
  return {
    read: reader.read,
    stop(reason) {
      quietly(() => stream.destroy());
      reader.stop(reason);
    },
  };
}

function fromIterator(iterator: Iterator<Uint8Array> | AsyncIterator<Uint8Array>): ByteReader {
  return {
    async read() {
      const { done, value } = await iterator.next();
      return done === true ? undefined : value;
    },
    stop: () => quietly(() => iterator.return?.()),
  };
}

/** Errors of closing a source are ignored: the end of the call is reported instead. */
function quietly(run: () => unknown): void {
  try {
    Promise.resolve(run()).catch(() => {});
  } catch {
    // As above.
  }
}

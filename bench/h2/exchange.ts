import type {
  Connection,
  HeaderList,
  Http2ClientConnection,
  Stream,
  StreamHandler,
} from "../../src/runtime/h2/index.js";

/** Headers as gRPC sends them. */
export const REQUEST: HeaderList = [
  ":method",
  "POST",
  ":scheme",
  "http",
  ":path",
  "/routeguide.v1.RouteGuide/GetFeature",
  ":authority",
  "127.0.0.1:50051",
  "te",
  "trailers",
  "content-type",
  "application/grpc",
  "user-agent",
  "gen-stubs-runtime/0.1.0",
  "grpc-accept-encoding",
  "identity,deflate,gzip",
];
const RESPONSE: HeaderList = [
  ":status",
  "200",
  "content-type",
  "application/grpc",
  "grpc-accept-encoding",
  "identity,deflate,gzip",
];
const TRAILERS: HeaderList = ["grpc-status", "0"];

/** Writes a message of `size` bytes behind gRPC's header. */
export function writeMessage(stream: Stream, size: number, end: boolean): void {
  const sink = stream.beginData();
  sink.reserve(5 + size);
  const { bytes } = sink;
  let at = sink.position;
  bytes[at++] = 0;
  bytes[at++] = size >>> 24;
  bytes[at++] = size >>> 16;
  bytes[at++] = size >>> 8;
  bytes[at++] = size;
  bytes.fill(7, at, at + size);
  sink.position = at + size;
  stream.endData(end);
}

/** A server's answer to a unary request: header, as many bytes as came, trailers. */
export class Echo implements StreamHandler {
  readonly #stream: Stream;
  #received = 0;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  onHeaders(): void {}
  onHeadersTooLarge(): void {}
  onData(_bytes: Uint8Array, start: number, end: number): void {
    this.#received += end - start;
    this.#stream.consumed(end - start);
  }
  onEnd(): void {
    const stream = this.#stream;
    stream.sendHeaders(RESPONSE, false);
    writeMessage(stream, this.#received - 5, false);
    stream.sendHeaders(TRAILERS, true);
  }
  onReset(): void {}
  onWritable(): void {}
}

/** Calls one after another until `left` is used up. */
export class Caller implements StreamHandler {
  readonly #connection: Http2ClientConnection;
  readonly #size: number;
  readonly #done: () => void;
  #left: number;
  #stream!: Stream;
  headers = 0;

  constructor(connection: Http2ClientConnection, size: number, left: number, done: () => void) {
    this.#connection = connection;
    this.#size = size;
    this.#left = left;
    this.#done = done;
  }

  call(): void {
    this.#stream = this.#connection.request(REQUEST.slice(), false, this);
    writeMessage(this.#stream, this.#size, true);
  }

  onHeaders(_headers: HeaderList, endStream: boolean): void {
    if (!endStream) return;
    if (--this.#left > 0) queueMicrotask(() => this.call());
    else this.#done();
  }
  onHeadersTooLarge(): void {}
  onData(_bytes: Uint8Array, start: number, end: number): void {
    this.#stream.consumed(end - start);
  }
  onEnd(): void {}
  onReset(code: number, cause: string): void {
    throw new Error(`reset ${code} ${cause}`);
  }
  onWritable(): void {}
}

/** A server that takes what comes and answers at the end; a client stream's receiver. */
export class Sink implements StreamHandler {
  readonly #stream: Stream;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  onHeaders(): void {}
  onHeadersTooLarge(): void {}
  onData(_bytes: Uint8Array, start: number, end: number): void {
    this.#stream.consumed(end - start);
  }
  onEnd(): void {
    this.#stream.sendHeaders(RESPONSE, false);
    this.#stream.sendHeaders(TRAILERS, true);
  }
  onReset(): void {}
  onWritable(): void {}
}

/** Sends `left` messages on one stream, as many as flow control takes. */
export class Pusher implements StreamHandler {
  readonly #size: number;
  readonly #done: () => void;
  #left: number;
  #stream!: Stream;

  constructor(size: number, left: number, done: () => void) {
    this.#size = size;
    this.#left = left;
    this.#done = done;
  }

  start(connection: Http2ClientConnection): void {
    this.#stream = connection.request(REQUEST.slice(), false, this);
    this.#push();
  }

  #push = (): void => {
    const stream = this.#stream;
    for (let i = 0; i < 256 && this.#left > 0; i++) {
      if (stream.queuedBytes > 160 * 1024) return;
      writeMessage(stream, this.#size, --this.#left === 0);
    }
    if (this.#left > 0) setImmediate(this.#push);
  };

  onHeaders(_headers: HeaderList, endStream: boolean): void {
    if (endStream) this.#done();
  }
  onHeadersTooLarge(): void {}
  onData(): void {}
  onEnd(): void {}
  onReset(code: number, cause: string): void {
    throw new Error(`reset ${code} ${cause}`);
  }
  onWritable(): void {
    if (this.#stream.queuedBytes < 80 * 1024) this.#push();
  }
}

/** A handler of connections that lets a driver be set later. */
export class Driven {
  driver: { outputReady(): void; finish(): void } | undefined;
  connection: Connection | undefined;

  onOutput(): void {
    this.driver?.outputReady();
  }
  onClose(error: Error | undefined): void {
    if (error !== undefined) console.error(String(error));
    this.driver?.finish();
  }
}

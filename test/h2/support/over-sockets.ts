import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import {
  type ConnectionError,
  type ConnectionOptions,
  type HeaderList,
  Http2ClientConnection,
  Http2ServerConnection,
  type Stream,
  type StreamHandler,
} from "../../../src/runtime/h2/index.js";
import { nodeEnvironment } from "../../../src/runtime/platform/node/environment.js";
import { SocketDriver } from "../../../src/runtime/platform/node/socket-driver.js";

/** What a connection's handler needs over a socket; `ended` resolves with the error of the end. */
class Handler {
  driver: SocketDriver | undefined;
  readonly ended: Promise<ConnectionError | undefined>;
  #end!: (error: ConnectionError | undefined) => void;
  onSettings: () => void = () => {};

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }
  onOutput(): void {
    this.driver?.outputReady();
  }
  onClose(error: ConnectionError | undefined): void {
    this.driver?.finish();
    this.#end(error);
  }
}

export interface OurServer {
  readonly port: number;
  readonly connections: Http2ServerConnection[];
  readonly errors: (ConnectionError | undefined)[];
  readonly sockets: ReadonlySet<Socket>;
  close(): Promise<void>;
}

/** Our server on a port of its own. */
export async function serve(
  onStream: (stream: Stream, headers: HeaderList, endStream: boolean) => StreamHandler,
  options: ConnectionOptions = {},
): Promise<OurServer> {
  const connections: Http2ServerConnection[] = [];
  const errors: (ConnectionError | undefined)[] = [];
  const sockets = new Set<Socket>();
  const listener: Server = createServer((socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    const handler = Object.assign(new Handler(), { onStream });
    const connection = new Http2ServerConnection(handler, nodeEnvironment, options);
    handler.driver = new SocketDriver(socket, connection);
    void handler.ended.then((error) => errors.push(error));
    connections.push(connection);
  });
  listener.listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as { port: number };
  return {
    port,
    connections,
    errors,
    sockets,
    async close() {
      const closed = once(listener, "close");
      listener.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

export interface OurClient {
  readonly connection: Http2ClientConnection;
  readonly socket: Socket;
  readonly ended: Promise<ConnectionError | undefined>;
}

/** Our client, connected and with the server's SETTINGS. */
export async function dial(port: number, options: ConnectionOptions = {}): Promise<OurClient> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const handler = new Handler();
  const settings = new Promise<void>((resolve) => {
    handler.onSettings = resolve;
  });
  const connection = new Http2ClientConnection(handler, nodeEnvironment, options);
  handler.driver = new SocketDriver(socket, connection);
  await settings;
  return { connection, socket, ended: handler.ended };
}

/** Collects one answer. */
export class Answer implements StreamHandler {
  readonly lists: HeaderList[] = [];
  readonly chunks: Buffer[] = [];
  readonly done: Promise<string>;
  stream: Stream | undefined;
  #resolve!: (how: string) => void;

  constructor() {
    this.done = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }
  get body(): Buffer {
    return Buffer.concat(this.chunks);
  }
  onHeaders(headers: HeaderList, endStream: boolean): void {
    this.lists.push(headers);
    if (endStream) this.#resolve("end");
  }
  onHeadersTooLarge(): void {
    this.#resolve("too large");
  }
  onData(bytes: Uint8Array, start: number, end: number): void {
    this.chunks.push(Buffer.from(bytes.subarray(start, end)));
    this.stream?.consumed(end - start);
  }
  onEnd(): void {
    this.#resolve("end");
  }
  onReset(code: number, cause: string): void {
    this.#resolve(`reset ${code} ${cause}`);
  }
  onWritable(): void {}
}

/** Echoes bodies with response headers before and trailers behind. */
export function echo(stream: Stream, headers: HeaderList, endStream: boolean): StreamHandler {
  stream.sendHeaders([":status", "200", "x-path", headers[headers.indexOf(":path") + 1] ?? ""], false);
  if (endStream) stream.sendHeaders(["grpc-status", "0"], true);
  return {
    onHeaders: () => stream.sendHeaders(["grpc-status", "0"], true),
    onHeadersTooLarge() {},
    onData(bytes, start, end) {
      stream.sendData(new Uint8Array(bytes.subarray(start, end)), false); // `slice` of a Buffer does not copy
      stream.consumed(end - start);
    },
    onEnd: () => stream.sendHeaders(["grpc-status", "0"], true),
    onReset() {},
    onWritable() {},
  };
}

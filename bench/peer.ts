/** Paths of PEM files: a certificate that is its own authority, for localhost. */
export interface TlsFiles {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** What a side is told before it starts: JSON in its arguments. */
export interface Setup {
  /** Of the server; for the client. */
  readonly port?: number;
  /** How many the client makes; 1 without it. */
  readonly connections?: number;
  readonly tls?: TlsFiles;
}

/** One implementation of the bench service: a server, and a client of it. They run in processes of their own. */
export interface Peer {
  /** Serves on a free port of the loopback interface, and returns it. */
  serve(tls?: TlsFiles): Promise<number>;
  /** A client with a connection of its own. */
  connect(port: number, tls?: TlsFiles): Promise<BenchClient> | BenchClient;
}

/** Each method makes one call (`pingPong`: `count` exchanges) of items of `size` bytes. */
export interface BenchClient {
  unary(size: number): Promise<void>;
  /** Reads `count` items. */
  serverStream(size: number, count: number): Promise<void>;
  /** Sends `count` items. */
  clientStream(size: number, count: number): Promise<void>;
  /** Sends `count` items as fast as flow control lets it, and reads them as they come back. */
  firehose(size: number, count: number): Promise<void>;
  /** Sends an item when the one before has come back, `count` times, on one stream. */
  pingPong(size: number, count: number): Promise<void>;
}

/** Throws unless all items came. */
export function expectCount(actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`${actual} items instead of ${expected}`);
}

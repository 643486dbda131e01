/** One implementation of the bench service: a server, and a client of it. They run in processes of their own. */
export interface Peer {
  /** Serves on a free port of the loopback interface, and returns it. */
  serve(): Promise<number>;
  connect(port: number): Promise<BenchClient> | BenchClient;
}

/** Each method makes one call (`unary` and `pingPong`: `count` exchanges) of items of `size` bytes. */
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

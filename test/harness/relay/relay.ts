import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { mannerOf, type RelayOptions } from "./options.js";
import { RelayConnection } from "./relay-connection.js";

/**
 * Listens on a port of its own and relays to a server.
 *
 * @example
 * ```ts
 * await using relay = await Relay.start({ target: { port }, seed: 1 });
 * const channel = connect(`http://127.0.0.1:${relay.port}`);
 * const { toClient } = await relay.connection(0);
 * toClient.at(1_000, () => toClient.stall());
 * ```
 */
export class Relay {
  readonly #options: RelayOptions;
  readonly #server: Server;
  readonly #connections: RelayConnection[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #onConnection: (connection: RelayConnection, index: number) => void;

  private constructor(options: RelayOptions, onConnection: (connection: RelayConnection, index: number) => void) {
    this.#options = options;
    this.#onConnection = onConnection;
    this.#server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
  }

  /**
   * Resolves when it listens. `onConnection` hears of each connection before a byte of it has moved.
   * @param onConnection is given the connection and its number, from 0.
   */
  static async start(
    options: RelayOptions,
    onConnection: (connection: RelayConnection, index: number) => void = () => {},
  ): Promise<Relay> {
    const relay = new Relay(options, onConnection);
    await new Promise<void>((resolve, reject) => {
      relay.#server.once("error", reject);
      relay.#server.listen(0, "127.0.0.1", resolve);
    });
    return relay;
  }

  /** The port of 127.0.0.1 where it listens. */
  get port(): number {
    return (this.#server.address() as AddressInfo).port; // it listens on a port, since start()
  }

  get connections(): readonly RelayConnection[] {
    return this.#connections;
  }

  /** The nth connection, from 0, as soon as it is there. */
  async connection(index: number): Promise<RelayConnection> {
    for (;;) {
      const connection = this.#connections[index];
      if (connection !== undefined) return connection;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Stops listening and closes all connections. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const connection of this.#connections) connection.close();
    await closed;
    await Promise.all(this.#connections.map((connection) => connection.closed));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #accept(client: Socket): void {
    const server = connect({ allowHalfOpen: true, ...this.#options.target });
    const index = this.#connections.length;
    // Seeds of neighbouring connections are far apart.
    const seed = Math.imul(this.#options.seed, 0x9e3779b1) + index;
    const connection = new RelayConnection(client, server, seed, mannerOf(this.#options));
    this.#connections.push(connection);
    this.#onConnection(connection, index);
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }
}

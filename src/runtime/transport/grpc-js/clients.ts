import { ChannelCredentials, Client, type ClientOptions, compressionAlgorithms } from "@grpc/grpc-js";
import type { Compression } from "../transport.js";

/** Where a channel gets the grpc-js Client of a call. */
export interface Clients {
  /** grpc-js chooses the compression of what it sends by Client, not by call. */
  of(compression: Compression): Client;
  /** Whether the connection is secure; undefined where that is not known. */
  readonly secure: boolean | undefined;
  close(): void;
}

/** Somebody else's Client: it compresses as it was told, and stays open. */
export function existing(client: Client): Clients {
  return { of: () => client, secure: undefined, close: () => {} };
}

/** Unless told otherwise. */
const DEFAULTS: ClientOptions = {
  // grpc-js's own default lets 1 MiB of each call count as sent before the peer took it, and each message costs a copy of
  // that queue. With none, a call that a proxy refuses before it read it (GOAWAY) is lost instead of being sent again.
  "grpc.per_rpc_retry_buffer_size": 64 * 1024,
  // With HTTP/2's 64 KiB every message of that size waits for a round trip.
  "grpc-node.flow_control_window": 1024 * 1024,
};

/** Told by their class: grpc-js keeps to itself whether credentials are secure. */
const Insecure = ChannelCredentials.createInsecure().constructor;

/** Clients of our own: one, and one more for each compression that is asked for. */
export class OwnClients implements Clients {
  readonly secure: boolean;
  readonly #target: string;
  readonly #credentials: ChannelCredentials;
  readonly #options: ClientOptions;
  readonly #clients = new Map<Compression, Client>();

  constructor(target: string, credentials: ChannelCredentials, options: ClientOptions) {
    this.secure = credentials.constructor !== Insecure;
    this.#target = target;
    this.#credentials = credentials;
    this.#options = { ...DEFAULTS, ...options };
    this.of("identity");
  }

  of(compression: Compression): Client {
    let client = this.#clients.get(compression);
    if (client === undefined) {
      const algorithm = compressionAlgorithms[compression];
      const options = { ...this.#options, "grpc.default_compression_algorithm": algorithm };
      client = new Client(this.#target, this.#credentials, compression === "identity" ? this.#options : options);
      this.#clients.set(compression, client);
    }
    return client;
  }

  close(): void {
    for (const client of this.#clients.values()) client.close();
  }
}

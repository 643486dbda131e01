import { nextEntityId } from "../core/entity-id.js";
import type { ConnectionStats } from "../transport/transport.js";

/** Connections of one channel to one address. */
export interface Subchannel {
  readonly id: bigint;
  readonly peer: string;
  readonly connections: readonly ConnectionStats[];
}

/** The subchannels of a channel: an address keeps its id as long as there is a connection to it. */
export class Subchannels {
  #ids = new Map<string, bigint>();

  of(connections: readonly ConnectionStats[]): readonly Subchannel[] {
    const byPeer = new Map<string, ConnectionStats[]>();
    for (const connection of connections) {
      const same = byPeer.get(connection.peer);
      if (same === undefined) byPeer.set(connection.peer, [connection]);
      else same.push(connection);
    }
    const ids = this.#ids;
    this.#ids = new Map([...byPeer.keys()].map((peer) => [peer, ids.get(peer) ?? BigInt(nextEntityId())]));
    return [...byPeer].map(([peer, some]) => ({ id: this.#ids.get(peer) ?? 0n, peer, connections: some })); // it has one
  }
}

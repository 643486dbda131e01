import type { MessageInitShape } from "@bufbuild/protobuf";
import { nextEntityId } from "../core/entity-id.js";
import { RpcError } from "../core/rpc-error.js";
import { status } from "../core/status.js";
import type { Server } from "../server.js";
import type { Channel } from "../transport/transport.js";
import type { ChannelzHandlers } from "./gen/grpc/channelz/v1/channelz_grpc.js";
import type {
  ChannelSchema,
  GetChannelResponseSchema,
  GetServerResponseSchema,
  GetServerSocketsResponseSchema,
  GetServersResponseSchema,
  GetSocketResponseSchema,
  GetSubchannelResponseSchema,
  GetTopChannelsResponseSchema,
  ServerSchema,
} from "./gen/grpc/channelz/v1/channelz_pb.js";
import { callsOf, socketOf, socketRef, stateOf, subchannelOf } from "./messages.js";
import { type Subchannel, Subchannels } from "./subchannels.js";

/** Of what channelz is to tell. */
export interface ChannelzOptions {
  /** Servers to tell of. Default: none. */
  readonly servers?: Iterable<Pick<Server, "stats">> | undefined;
  /** Channels to tell of. Default: none. */
  readonly channels?: Iterable<Pick<Channel, "state" | "origin" | "stats">> | undefined;
}

/** Results of one answer at most, where the client does not ask for fewer; as in other implementations. */
const MAX_RESULTS = 100;

type ServerInit = MessageInitShape<typeof ServerSchema>;
type ChannelInit = MessageInitShape<typeof ChannelSchema>;

/**
 * Answers channelz from `stats()` at the moment of each request. A channel has a subchannel for each address it is connected to,
 * with its connections as sockets; there are no traces, and no counts of messages. What is gone is NOT_FOUND.
 */
export class ChannelzImplementation implements ChannelzHandlers {
  readonly #servers = new Map<bigint, Pick<Server, "stats">>();
  readonly #channels = new Map<bigint, KnownChannel>();

  constructor({ servers = [], channels = [] }: ChannelzOptions) {
    for (const server of servers) this.#servers.set(BigInt(nextEntityId()), server);
    for (const channel of channels) {
      this.#channels.set(BigInt(nextEntityId()), { channel, subchannels: new Subchannels() });
    }
  }

  /** The servers given to the constructor, by pages. */
  getServers({
    startServerId,
    maxResults,
  }: {
    startServerId: bigint;
    maxResults: bigint;
  }): MessageInitShape<typeof GetServersResponseSchema> {
    const { some, end } = page(this.#servers, startServerId, maxResults);
    return { server: some.map(([id]) => this.#server(id)), end };
  }

  /** NOT_FOUND for an id of no server that was given to the constructor. */
  getServer({ serverId }: { serverId: bigint }): MessageInitShape<typeof GetServerResponseSchema> {
    return { server: this.#server(serverId) };
  }

  /** The sockets of a server's connections, by pages. */
  getServerSockets(request: {
    serverId: bigint;
    startSocketId: bigint;
    maxResults: bigint;
  }): MessageInitShape<typeof GetServerSocketsResponseSchema> {
    const server = this.#servers.get(request.serverId) ?? missing("server", request.serverId);
    const byId = new Map(server.stats().connections.map((connection) => [BigInt(connection.id), connection]));
    const { some, end } = page(byId, request.startSocketId, request.maxResults);
    return { socketRef: some.map(([, connection]) => socketRef(connection)), end };
  }

  /** The channels given to the constructor, by pages. */
  getTopChannels({
    startChannelId,
    maxResults,
  }: {
    startChannelId: bigint;
    maxResults: bigint;
  }): MessageInitShape<typeof GetTopChannelsResponseSchema> {
    const { some, end } = page(this.#channels, startChannelId, maxResults);
    return { channel: some.map(([id]) => this.#channel(id)), end };
  }

  /** NOT_FOUND for an id of no channel that was given to the constructor. */
  getChannel({ channelId }: { channelId: bigint }): MessageInitShape<typeof GetChannelResponseSchema> {
    return { channel: this.#channel(channelId) };
  }

  /** A server that one of the channels goes to; NOT_FOUND where none has that id. */
  getSubchannel({ subchannelId }: { subchannelId: bigint }): MessageInitShape<typeof GetSubchannelResponseSchema> {
    for (const known of this.#channels.values()) {
      const found = subchannelsOf(known).find(({ id }) => id === subchannelId);
      if (found !== undefined) return { subchannel: subchannelOf(found.id, found.peer, found.connections) };
    }
    return missing("subchannel", subchannelId);
  }

  /** A connection of one of the channels or servers; NOT_FOUND where it is closed. */
  getSocket({ socketId }: { socketId: bigint }): MessageInitShape<typeof GetSocketResponseSchema> {
    const channels = [...this.#channels.values()].map(({ channel }) => channel);
    for (const part of [...this.#servers.values(), ...channels]) {
      const connection = part.stats?.().connections.find(({ id }) => BigInt(id) === socketId);
      if (connection !== undefined) return { socket: socketOf(connection) };
    }
    return missing("socket", socketId);
  }

  #server(serverId: bigint): ServerInit {
    const server = this.#servers.get(serverId) ?? missing("server", serverId);
    return { ref: { serverId, name: "" }, data: callsOf(server.stats().calls) };
  }

  #channel(channelId: bigint): ChannelInit {
    const known = this.#channels.get(channelId) ?? missing("channel", channelId);
    const { channel } = known;
    const target = channel.origin?.authority ?? "";
    const stats = channel.stats?.();
    return {
      ref: { channelId, name: target },
      data: { state: stateOf(channel.state), target, ...(stats === undefined ? {} : callsOf(stats.calls)) },
      subchannelRef: subchannelsOf(known).map(({ id, peer }) => ({ subchannelId: id, name: peer })),
    };
  }
}

interface KnownChannel {
  readonly channel: Pick<Channel, "state" | "origin" | "stats">;
  readonly subchannels: Subchannels;
}

function subchannelsOf({ channel, subchannels }: KnownChannel): readonly Subchannel[] {
  return subchannels.of(channel.stats?.().connections ?? []);
}

/** What has an id from `start` on, as much as is wanted, and whether it is the last. */
function page<Item>(
  byId: ReadonlyMap<bigint, Item>,
  start: bigint,
  maxResults: bigint,
): { readonly some: readonly (readonly [id: bigint, item: Item])[]; readonly end: boolean } {
  const from = [...byId].filter(([id]) => id >= start).toSorted(([a], [b]) => Number(a - b));
  const limit = maxResults > 0n && maxResults < MAX_RESULTS ? Number(maxResults) : MAX_RESULTS;
  return { some: from.slice(0, limit), end: from.length <= limit };
}

function missing(what: string, id: bigint): never {
  throw new RpcError(status.NOT_FOUND, `there is no ${what} ${id}`);
}

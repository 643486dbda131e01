import { hostPort } from "../core/host-port.js";
import type { AnyMethod, CalledMethod } from "../core/method.js";
import type { RpcError } from "../core/rpc-error.js";
import type { status } from "../core/status.js";
import type { ClientListener, ClientStream, ConnectivityState, StartOptions } from "./transport.js";

/**
 * The wall between what chooses a server for each call (`channel/`) and the transport that has the connections. A transport makes
 * subchannels and asks for each call; a {@link Router} answers.
 */

/** What a resolver may say of an address beside where it is. */
export interface AddressFacts {
  /** Its share of the calls beside the others', for policies that weigh; positive. From DNS: the weight of its SRV record. */
  readonly weight?: number | undefined;
  /** For policies of your own: a zone, a version. */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
}

/** A server by TCP. `host` is an IP address; a name is looked up at each connection, and only one of its addresses used. */
export interface TcpAddress extends AddressFacts {
  /** A name or an IP address, without brackets. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
}

/** A server by a socket of the file system. */
export interface UnixAddress extends AddressFacts {
  /** The path of the socket. */
  readonly path: string;
}

/** Where a connection goes. */
export type SocketAddress = TcpAddress | UnixAddress;

/** One server that can be reached in several ways, by IPv6 and by IPv4 for one (gRFC A61): to policies it is one. */
export interface Endpoint extends AddressFacts {
  /** In the order in which they are tried; at least one. */
  readonly addresses: readonly SocketAddress[];
}

/** Where one server is. */
export type Address = SocketAddress | Endpoint;

/** The addresses of one server. */
export function socketAddresses(address: Address): readonly SocketAddress[] {
  return "addresses" in address ? address.addresses : [address];
}

/**
 * `10.0.0.1:80`, `[::1]:80` or `unix:/path`: what tells addresses apart, and what people read. That of a server with several: all of
 * them, in an order of the alphabet (as gRFC A61 has it, their own order makes no other server).
 */
export function addressName(address: Address): string {
  if ("addresses" in address) return address.addresses.map(addressName).sort().join(",");
  if ("path" in address) return `unix:${address.path}`;
  return hostPort(address.host, address.port);
}

/** The connections to one address, as a policy holds them. */
export interface Subchannel {
  /** Where the server is. */
  readonly address: Address;
  /**
   * "idle" until {@link connect}; "transient_failure" while it waits before it may try again, then "idle"; "idle" too when its
   * connection ended. "shutdown" once closed.
   */
  readonly state: ConnectivityState;
  /** Why the last attempt failed, for people; "" where none did. */
  readonly lastFailure: string;
  /** Calls that have no status yet. */
  readonly openCalls: number;
  /** Begins to connect, where it is idle. Its listener is called later, never from within this call. */
  connect(): void;
  /** Does not wait before the next attempt, and begins with the shortest wait again. */
  resetBackoff(): void;
  /** Takes no further calls; those that are open finish, then its connections are closed. Its listener is not called any more. */
  close(): void;
  /** A call to this server alone, which no statistics count: a health check. */
  start<Out, InInit>(
    method: CalledMethod<InInit, Out>,
    options: StartOptions,
    listener: ClientListener,
  ): ClientStream<InInit, Out>;
}

/** The listener of a subchannel, called with an empty stack. */
export interface SubchannelListener {
  /** The state has changed: it is `subchannel.state` now. */
  onState(subchannel: Subchannel): void;
  /** A call on it has its status. */
  onCallEnd?(subchannel: Subchannel, code: status): void;
}

/** A call that needs a server. */
export interface PickedCall {
  /** The method that is called. */
  readonly method: AnyMethod;
  /** Its metadata, deadline and context; and, where it is sent again, the servers that it has `tried`. */
  readonly options: StartOptions;
}

/**
 * Which server a call goes to: a subchannel that is ready; undefined to wait until the policy gives another picker; an RpcError that
 * ends the call, unless it waits for a connection (`waitForReady`).
 */
export type PickResult = Subchannel | RpcError | undefined;

/** Chooses a server for each call. Asked for each, so it should do little; what it throws ends the call with INTERNAL. */
export interface Picker {
  /** Chooses for one call. Called for each call as long as this picker is the newest; must answer at once. */
  pick(call: PickedCall): PickResult;
}

/** What a transport asks. */
export interface Router extends Picker {
  readonly state: ConnectivityState;
  /** What a call that waits waits for, for people. */
  readonly waitingFor: string;
  connect(): void;
  resetBackoff(): void;
  /** Forgets addresses and connections until the next call. */
  rest(): void;
  /** For good. */
  close(): void;
}

/** What a router has of its transport. */
export interface RouterHost {
  createSubchannel(address: SocketAddress, listener: SubchannelListener): Subchannel;
  /** The state, or what {@link Router.pick} answers, may be another than before. */
  onChange(): void;
}

export type RouterFactory = (host: RouterHost) => Router;

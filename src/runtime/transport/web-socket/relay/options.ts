import type { IncomingMessage } from "node:http";
import type { ConnectionOptions } from "node:tls";
import { type OptionNames, refuseUnknown } from "../../../core/known-options.js";
import type { SocketTarget } from "../../grpc-h2/client/socket-target.js";
import { parseTarget } from "../../target.js";
import { checkPath } from "../server/attach.js";
import type { UpgradeOptions } from "../server/upgrades.js";

/** A gRPC server that pages may reach: `http://host:port`, `https://host:port` or `unix:/path`, with Node's TLS options where it has some. */
export type RelayTarget = string | { readonly target: string; readonly tls?: ConnectionOptions | undefined };

/** What a relay lets through. */
export interface RelayOptions {
  /**
   * The servers that may be reached, by the names that pages call them: `{ chat: "http://10.0.0.5:50051" }` is found at `/grpc/chat`. A
   * page never says an address.
   */
  readonly targets: Readonly<Record<string, RelayTarget>>;
  /** What the names follow in the path of the URL. Default `/grpc`. */
  readonly path?: string | undefined;
  /** As those of `attachWebSocket`. Default: pages of the same host and port. */
  readonly origins?: readonly string[] | undefined;
  /** Asked before a connection is taken: throws, or rejects, to refuse it, where an RpcError's details are told to the client. */
  readonly authorize?: RelayAuthorize | undefined;
  /** Connections at a time; further ones are refused. Default 1000. */
  readonly maxConnections?: number | undefined;
  /** Milliseconds that `authorize`, and then the way to the server, may take. Default 10000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Milliseconds between WebSocket pings; a page that leaves one unanswered until the next is gone. Default 20000. */
  readonly pingIntervalMs?: number | undefined;
  /** Milliseconds without a byte in either direction after which a connection is closed. Default 600000 (10 minutes). */
  readonly idleTimeoutMs?: number | undefined;
  /** Bytes that may wait in each direction, beside what the sockets hold. Default 65536. */
  readonly highWaterMark?: number | undefined;
}

/** Looks at a request for a WebSocket, the target's name, and the query's `ticket` where there is one. */
export type RelayAuthorize = (
  request: IncomingMessage,
  target: string,
  ticket: string | undefined,
) => Promise<void> | void;

/** A target that is understood. */
export interface ResolvedTarget {
  readonly target: SocketTarget;
  readonly tls: ConnectionOptions | undefined;
}

/** {@link RelayOptions} with the defaults filled in. */
export interface ResolvedRelayOptions extends Omit<UpgradeOptions, "refusal" | "onOpen" | "authorize"> {
  readonly path: string;
  readonly targets: ReadonlyMap<string, ResolvedTarget>;
  readonly authorize: RelayAuthorize | undefined;
  readonly pingIntervalMs: number;
  readonly idleTimeoutMs: number;
  readonly highWaterMark: number;
}

const NAMES: OptionNames<RelayOptions> = {
  targets: true,
  path: true,
  origins: true,
  authorize: true,
  maxConnections: true,
  connectTimeoutMs: true,
  pingIntervalMs: true,
  idleTimeoutMs: true,
  highWaterMark: true,
};

/** @throws TypeError for an unknown option, and for targets, names and paths that are none. */
export function resolveRelayOptions(options: RelayOptions): ResolvedRelayOptions {
  refuseUnknown(options, NAMES, "a relay");
  const { path = "/grpc" } = options;
  checkPath(path);
  const targets = Object.entries(options.targets ?? {}).map(([name, given]) => [name, resolved(name, given)] as const);
  if (targets.length === 0)
    throw new TypeError('a relay reaches nothing without targets: { chat: "http://10.0.0.5:50051" }');
  return {
    path: path.replace(/\/$/, ""),
    targets: new Map(targets),
    origins: options.origins,
    authorize: options.authorize,
    maxConnections: options.maxConnections ?? 1000,
    handshakeTimeoutMs: options.connectTimeoutMs ?? 10_000,
    pingIntervalMs: options.pingIntervalMs ?? 20_000,
    idleTimeoutMs: options.idleTimeoutMs ?? 600_000,
    highWaterMark: options.highWaterMark ?? 65_536,
  };
}

function resolved(name: string, given: RelayTarget): ResolvedTarget {
  if (!/^[\w.-]+$/.test(name)) {
    throw new TypeError(`targets: "${name}" cannot be part of a path; letters, digits, ".", "_" and "-" can`);
  }
  const { target, tls } = typeof given === "string" ? { target: given, tls: undefined } : given;
  return { target: parseTarget(target, tls !== undefined), tls };
}

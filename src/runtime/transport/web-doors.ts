import type { Socket } from "node:net";
import type { StatusObject } from "../core/rpc-error.js";
import type { status } from "../core/status.js";
import type { HeaderList, Stream, StreamHandler } from "../h2/index.js";
import type { Compressor } from "../wire/compression.js";
import type { CallTls, ChannelStats, Compression, MethodServers } from "./transport.js";

/** Limits of calls that come by a door for browsers, with the defaults filled in. */
export interface WebLimits {
  readonly maxReceiveMessageBytes: number;
  readonly maxSendMessageBytes: number;
  readonly maxMetadataBytes: number;
  readonly maxMetadataPairs: number;
  /** Bytes that may wait on this side of a call. */
  readonly highWaterMark: number;
  /** The compression of answers, for clients that accept it. */
  readonly compression: Compression;
  readonly compressor: Compressor;
  /** Milliseconds that a client has for the headers of a request. */
  readonly handshakeTimeoutMs: number;
}

/** A call that can be ended from outside, and its place in one list at a time. */
export interface HostedCall {
  next: HostedCall | undefined;
  previous: HostedCall | undefined;
  list: object | undefined;
  /** Ends it with this status. */
  abort(result: StatusObject): void;
}

/** Where calls live: a connection, or what a handler serves. It counts them, and ends them where it ends. */
export interface CallHome {
  /** Whether more answers wait on this side than may (P9). */
  readonly hasTooMuchUnsent: boolean;
  callBegun(call: HostedCall): void;
  /** A call has its status. */
  callOver(call: HostedCall, code: status): void;
  /** Neither a call's exchange nor its handler is there any more. */
  callLeft(): void;
}

/** A connection of our own HTTP/2 with doors for the web on it. */
export interface WebConnection extends CallHome {
  readonly peer: string;
  readonly tls: CallTls | undefined;
  /** Why it is gone, where that is known. */
  readonly lost: string | undefined;
  readonly maxSendHeaderBytes: number;
  /** Whose limit that is, for error texts. */
  readonly headerLimitOwner: string;
}

/** What takes the requests on a server's port that are not gRPC's. */
export interface WebDoors {
  /** Answers a request of HTTP/2. */
  onStream(stream: Stream, headers: HeaderList, requestEnded: boolean, connection: WebConnection): StreamHandler;
  /** Takes a connection that speaks HTTP/1.1; nothing was read of it, or was put back. */
  takeSocket(socket: Socket): void;
  stats(): ChannelStats;
  /** As a transport's. */
  shutdown(graceMs: number): Promise<void>;
}

/** Makes the doors of one server. */
export type WebDoorsFactory = (methods: MethodServers, limits: WebLimits) => WebDoors;

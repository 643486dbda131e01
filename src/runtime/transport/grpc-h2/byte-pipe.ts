import type { Metadata } from "../../core/metadata.js";
import type { Connection } from "../../h2/index.js";
import type { CallTls } from "../transport.js";

/** What carries the bytes of one connection: a socket, memory, a WebSocket. */
export interface BytePipe {
  /** `address:port` of the other end. */
  readonly peer: string;
  /** `address:port` of this end, where the pipe has one. */
  readonly local?: string | undefined;
  /** The peer's TLS state; undefined without TLS. */
  readonly tls?: CallTls | undefined;
  /** Tells of servers that speak something else; undefined where what carries it, as a WebSocket, has seen to that. */
  readonly foreign?: ForeignServers | undefined;
  /** Metadata set by the code that accepted the connection. It replaces what the peer sends under these keys, in every call. */
  readonly metadata?: Metadata | undefined;
  /** The connection has something to be taken: it is written once for all of this turn. */
  outputReady(): void;
  /** There is so much to be taken that it may be written now. */
  flush?(): void;
  /** Writes what is left to take, then closes; at once where the other end does not read. */
  finish(): void;
  /** Closes now. */
  destroy(): void;
  /** Whether it keeps the process alive. It does from the start. */
  keepAlive(alive: boolean): void;
}

/** Tells people what kind of server it may be that does not speak HTTP/2. */
export interface ForeignServers {
  /** What its first bytes tell; undefined where they tell nothing. */
  hintOf(first: Uint8Array): string | undefined;
  /** What it tells that it hung up before its first byte: `silence`, or more. */
  silenceOf(silence: string, error: Error | undefined): string;
}

/** Whose bytes a pipe carries. */
export interface PipeUser {
  readonly connection: Connection;
  /** Bytes came. They may be written again once this returns. */
  receive(bytes: Uint8Array): void;
  /** No bytes follow. */
  receiveEnd(error?: Error): void;
  /** The pipe is closed, by either side. Called once, as the last event. */
  onPipeClosed(): void;
}

/** Binds a byte stream that is open to its user. */
export type OpenPipe = (user: PipeUser) => BytePipe;

/** What an attempt to connect leads to: one of these, once. */
export interface DialListener {
  onOpen(open: OpenPipe): void;
  /** `reason` is for people. */
  onDialFailed(reason: string): void;
}

/** Begins to connect, and tells from a fresh stack how that went. Returns what gives up. May throw for options that cannot be. */
export type Dial = (listener: DialListener) => () => void;

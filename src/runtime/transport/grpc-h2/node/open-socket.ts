import { connect as connectTcp, isIP, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect as connectTls, TLSSocket } from "node:tls";
import { messageOf } from "../../../core/rpc-error.js";
import type { SharedReads } from "../../../platform/node/shared-reads.js";
import type { SocketTarget } from "../client/socket-target.js";

/** Below the idle limits of common load balancers and NATs, of which Azure's is the lowest: 240 s. */
const TCP_KEEPALIVE_MS = 200_000;

/** What carries the bytes. */
export interface SocketBase {
  /** A stream that is open, or being opened, in place of a socket of ours. */
  readonly over?: Duplex | undefined;
  /** Who takes what is read at once: without it the socket emits "data". */
  readonly reads?: SharedReads | undefined;
}

/**
 * Connects by TCP or a socket of the file system, or goes on over a stream that is open; with TLS, for HTTP/2 alone, where the target asks
 * for it. Calls one of the two, once: `onOpen`, after which errors end in the stream's `close`, or `onFailed` with a reason for people.
 * Returns what gives up.
 *
 * @throws what Node throws for TLS options that cannot be
 */
export function openSocket(
  target: SocketTarget,
  tls: ConnectionOptions | undefined,
  base: SocketBase,
  onOpen: (stream: Duplex) => void,
  onFailed: (reason: string) => void,
): () => void {
  let failure: string | undefined;
  const fail = () => onFailed(failure ?? "the server hung up");
  const failed = (error: Error) => {
    failure ??= reasonOf(error);
    // Node leaves a TLS socket open when the server refuses the client's certificate.
    stream.destroy();
  };
  const { over } = base;
  over?.on("error", failed);
  const stream = openStream(target, tls, base);
  if (stream instanceof Socket) {
    stream.setNoDelay(true);
    stream.setKeepAlive(true, TCP_KEEPALIVE_MS);
  }
  if (stream !== over) stream.on("error", failed);
  stream.once("close", fail);
  const opened = (): void => {
    const fault = alpnFault(stream);
    if (fault !== undefined) {
      failure = fault;
      stream.destroy();
      return;
    }
    stream.off("close", fail);
    onOpen(stream);
  };
  if (target.tls) stream.once("secureConnect", opened);
  else if (stream === over && !isConnecting(stream)) opened();
  else stream.once("connect", opened);
  return () => {
    stream.off("close", fail);
    stream.destroy();
  };
}

/** Begins to connect. The name of the certificate is checked against the target's host, or `tls.servername`. */
function openStream(target: SocketTarget, tls: ConnectionOptions | undefined, { over, reads }: SocketBase): Duplex {
  const place = target.kind === "unix" ? { path: target.path } : { host: target.host, port: target.port };
  const opened = <Opened extends Socket>(socket: Opened): Opened => reads?.of(socket) ?? socket;
  if (!target.tls) return over ?? opened(connectTcp({ ...place, ...reads?.options }));
  const named = target.kind === "unix" || isIP(target.host) !== 0 ? {} : { servername: target.host };
  const secured = { ...named, ...tls, ...place, ALPNProtocols: ["h2"] };
  if (over !== undefined) return connectTls({ ...secured, socket: over });
  return opened(connectTls({ ...secured, ...reads?.options }));
}

function isConnecting(stream: Duplex): boolean {
  return stream instanceof Socket && stream.connecting;
}

function alpnFault(socket: Duplex): string | undefined {
  if (!(socket instanceof TLSSocket) || socket.alpnProtocol === "h2") return undefined;
  const says = socket.alpnProtocol === false ? "it names no protocol" : `it says ${socket.alpnProtocol}`;
  return `the server does not speak HTTP/2 over TLS (ALPN: ${says})`;
}

function reasonOf(error: Error): string {
  // Happy Eyeballs throws one error for all addresses, without a message of its own.
  if (error instanceof AggregateError) return error.errors.map(messageOf).join("; ");
  const code = "code" in error ? error.code : undefined;
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "ERR_SSL_PACKET_LENGTH_TOO_LONG") {
    return `the server does not speak TLS: connect with http:// (${error.message.trim()})`;
  }
  return error.message;
}

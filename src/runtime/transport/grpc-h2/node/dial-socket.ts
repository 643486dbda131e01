import { connect as connectTcp, isIP, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { type ConnectionOptions, connect as connectTls, TLSSocket } from "node:tls";
import { inCleanContext } from "../../../core/async-context.js";
import { messageOf } from "../../../core/rpc-error.js";
import type { Dial, DialListener } from "../byte-pipe.js";
import type { DialOptions } from "../client/dial-options.js";
import { authorityOf, nameOf, type SocketTarget } from "../client/socket-target.js";
import { proxyFor } from "./proxy.js";
import type { Environment } from "./proxy-environment.js";
import { remoteOf, socketPipe } from "./socket-pipe.js";

/** Below the idle limits of common load balancers and NATs, of which Azure's is the lowest: 240 s. */
const TCP_KEEPALIVE_MS = 200_000;

/** Opens a stream of bytes that is not Node's own socket to the target. */
type OpenStream = (signal: AbortSignal) => Promise<Duplex>;

/**
 * Connects by TCP or a socket of the file system, through a proxy, or over what `createConnection` opens; with TLS where the target
 * asks for it.
 * @throws TypeError for options that cannot be.
 */
export function dialSocket(target: SocketTarget, options: DialOptions, env: Environment = process.env): Dial {
  const { tls } = options;
  const open = opener(target, options, env);
  return (listener) =>
    inCleanContext(() => {
      const tlsNow = typeof tls === "function" ? tls() : tls;
      if (open !== undefined) return dialOver(open, target, tlsNow, listener);
      return secured(target, tlsNow, undefined, listener);
    });
}

/** What opens the stream where that is not left to Node. */
function opener(
  target: SocketTarget,
  { proxy, createConnection }: DialOptions,
  env: Environment,
): OpenStream | undefined {
  if (createConnection === undefined) {
    const found = proxyFor(target, proxy, env);
    if (found === undefined) return undefined;
    const authority = authorityOf(target);
    return async (signal) => (await import("./http-connect.js")).openTunnel(found, authority, signal);
  }
  if (proxy !== undefined && proxy !== false) {
    throw new TypeError("proxy and createConnection exclude each other: one of them opens the connection");
  }
  if (typeof createConnection !== "function") throw new TypeError("createConnection must be a function");
  return async (signal) =>
    (await import("./created-connection.js")).createdConnection(createConnection, target, signal);
}

/** Waits for the stream, then goes on as with a socket. */
function dialOver(
  open: OpenStream,
  target: SocketTarget,
  tls: ConnectionOptions | undefined,
  listener: DialListener,
): () => void {
  const given = new AbortController();
  let giveUp = (): void => given.abort();
  open(given.signal).then(
    (stream) => {
      if (given.signal.aborted) stream.on("error", () => {}).destroy();
      else giveUp = secured(target, tls, stream, listener);
    },
    (error) => {
      if (!given.signal.aborted) listener.onDialFailed(messageOf(error));
    },
  );
  return () => giveUp();
}

/** Connects, or goes on over a stream that is open; with TLS where the target asks for it. Returns what gives up. */
function secured(
  target: SocketTarget,
  tls: ConnectionOptions | undefined,
  over: Duplex | undefined,
  listener: DialListener,
): () => void {
  let failure: string | undefined;
  const fail = () => listener.onDialFailed(failure ?? "the server hung up");
  const failed = (error: Error) => {
    failure ??= reasonOf(error);
    // Node leaves a TLS socket open when the server refuses the client's certificate.
    stream.destroy();
  };
  over?.on("error", failed);
  const stream = openStream(target, tls, over);
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
    // The other end of a tunnel's socket is not the server.
    const peer = (over === undefined && stream instanceof Socket ? remoteOf(stream) : undefined) ?? nameOf(target);
    listener.onOpen((user) => socketPipe(stream, peer, user, over));
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
function openStream(target: SocketTarget, tls: ConnectionOptions | undefined, over: Duplex | undefined): Duplex {
  const place = target.kind === "unix" ? { path: target.path } : { host: target.host, port: target.port };
  if (!target.tls) return over ?? connectTcp(place);
  const named = target.kind === "unix" || isIP(target.host) !== 0 ? {} : { servername: target.host };
  const stream = over === undefined ? {} : { socket: over };
  return connectTls({ ...named, ...tls, ...place, ...stream, ALPNProtocols: ["h2"] });
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

import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { ConnectionOptions } from "node:tls";
import { inCleanContext } from "../../../core/async-context.js";
import { messageOf } from "../../../core/rpc-error.js";
import { SharedReads } from "../../../platform/node/shared-reads.js";
import type { Dial, DialListener } from "../byte-pipe.js";
import type { DialOptions } from "../client/dial-options.js";
import { authorityOf, nameOf, type SocketTarget } from "../client/socket-target.js";
import { openSocket } from "./open-socket.js";
import { proxyFor } from "./proxy.js";
import type { Environment } from "./proxy-environment.js";
import { remoteOf, SocketPipe } from "./socket-pipe.js";

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

/** Connects, or goes on over a stream that is open. Returns what gives up. */
function secured(
  target: SocketTarget,
  tls: ConnectionOptions | undefined,
  over: Duplex | undefined,
  listener: DialListener,
): () => void {
  const onOpen = (stream: Duplex): void => {
    // The other end of a tunnel's socket is not the server.
    const peer = (over === undefined && stream instanceof Socket ? remoteOf(stream) : undefined) ?? nameOf(target);
    listener.onOpen((user) => new SocketPipe(stream, peer, user, over));
  };
  const base = over === undefined ? { reads: new SharedReads() } : { over };
  return openSocket(target, tls, base, onOpen, (reason) => listener.onDialFailed(reason));
}

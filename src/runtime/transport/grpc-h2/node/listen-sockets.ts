import { createServer, type Server, type Socket } from "node:net";
import {
  createSecureContext,
  createServer as createTlsServer,
  type TLSSocket,
  type Server as TlsServer,
} from "node:tls";
import { inCleanContext } from "../../../core/async-context.js";
import { ignore } from "../../../core/deferred.js";
import * as events from "../../../core/diagnostics.js";
import { messageOf } from "../../../core/rpc-error.js";
import type { ServerTls } from "../../server-transport.js";
import type { Listen } from "../server/server-transport.js";
import { bySpokenProtocol } from "./first-line.js";
import { listenOn } from "./listen-address.js";
import { remoteOf, SocketPipe } from "./socket-pipe.js";

/**
 * Listens by TCP or on a socket of the file system; with TLS where that is asked for. For HTTP/2 alone, by ALPN under TLS; with doors for
 * the web for HTTP/1.1 too, by ALPN or, in plain text, by the first bytes.
 */
export const listenSockets: Listen = async (address, { tls, reusePort = false }, limits, accept, doors) => {
  const take = (socket: Socket): void => {
    const peer = remoteOf(socket) ?? "unix:";
    accept((user) => new SocketPipe(socket, peer, user));
  };
  const prepare = (socket: Socket): void => {
    socket.on("error", ignore); // before the pipe hears it
    socket.setNoDelay(true);
  };
  const sockets = new Set<Socket>();
  const server = inCleanContext((): Server => {
    if (tls === undefined) {
      return createServer((socket) => {
        prepare(socket);
        if (doors === undefined) take(socket);
        else bySpokenProtocol(socket, limits.handshakeTimeoutMs, take, (other) => doors.takeSocket(other));
      });
    }
    const ALPNProtocols = doors === undefined ? ["h2"] : ["h2", "http/1.1"];
    const secured = createTlsServer({ handshakeTimeout: limits.handshakeTimeoutMs, ...tls, ALPNProtocols });
    secured.on("secureConnection", (socket: TLSSocket) => {
      prepare(socket);
      if (socket.alpnProtocol === "h2") take(socket);
      else if (doors !== undefined) doors.takeSocket(socket);
      else socket.destroy();
    });
    secured.on("tlsClientError", (error, socket) => {
      tellRefused(error, socket);
      socket.destroy();
    });
    return secured;
  });
  if (limits.maxConnections !== Number.POSITIVE_INFINITY) server.maxConnections = limits.maxConnections;
  // Under TLS these are the sockets below.
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const bound = await inCleanContext(() => listenOn(server, address, reusePort));
  let current = tls;
  const prepareTls = (changed: ServerTls): (() => void) => {
    const wanted = { ...current, ...changed };
    createSecureContext(wanted);
    return () => {
      (server as TlsServer).setSecureContext(wanted); // with `tls` it is one
      current = wanted;
    };
  };
  return {
    bound,
    prepareTls: tls === undefined ? undefined : prepareTls,
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
    dropRest() {
      for (const socket of sockets) socket.destroy();
    },
  };
};

/** Reports a failed handshake, which has no other listener: a client without a certificate, with a wrong one, or without TLS. */
function tellRefused(error: Error, socket: TLSSocket): void {
  if (!events.connection.hasSubscribers) return;
  const peer = remoteOf(socket) ?? "unknown";
  // A certificate that is not trusted: Node closes the connection itself, and gives no further reason.
  const { authorizationError } = socket;
  const why = authorizationError ? `the client's certificate is not trusted (${authorizationError})` : messageOf(error);
  events.connection.publish({
    side: "server",
    target: peer,
    peer,
    state: "closed",
    reason: `the TLS handshake failed: ${why}`,
  });
}

import { createServer, type Server, type Socket } from "node:net";
import {
  createSecureContext,
  createServer as createTlsServer,
  type TLSSocket,
  type Server as TlsServer,
} from "node:tls";
import { inCleanContext } from "../../../core/async-context.js";
import type { ServerTls } from "../../server-transport.js";
import type { Listen } from "../server/server-transport.js";
import { listenOn } from "./listen-address.js";
import { remoteOf, socketPipe } from "./socket-pipe.js";

/** Listens by TCP or on a socket of the file system; with TLS where that is asked for, then for HTTP/2 alone (ALPN). */
export const listenSockets: Listen = async (address, { tls, reusePort = false }, limits, accept) => {
  const take = (socket: Socket): void => {
    socket.on("error", ignore); // before the pipe hears it
    socket.setNoDelay(true);
    const peer = remoteOf(socket) ?? "unix:";
    accept((user) => socketPipe(socket, peer, user));
  };
  const sockets = new Set<Socket>();
  const server = inCleanContext((): Server => {
    if (tls === undefined) return createServer(take);
    const secured = createTlsServer({ handshakeTimeout: limits.handshakeTimeoutMs, ...tls, ALPNProtocols: ["h2"] });
    secured.on("secureConnection", (socket: TLSSocket) => {
      if (socket.alpnProtocol === "h2") take(socket);
      else socket.destroy();
    });
    secured.on("tlsClientError", (_error, socket) => socket.destroy());
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

function ignore(): void {}

import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { hostPort } from "../../../core/host-port.js";
import { SocketDriver } from "../../../platform/node/socket-driver.js";
import type { CallTls } from "../../transport.js";
import type { BytePipe, PipeUser } from "../byte-pipe.js";
import { overPlainSocket, overSocket } from "./foreign-servers.js";
import { tlsFacts } from "./tls-facts.js";

/** A stream, which may keep the process alive. */
type Carrier = Duplex & Partial<Pick<Socket, "ref" | "unref">>;

/**
 * Binds a socket that is connected to its user.
 *
 * @param under the stream that carries it, where it is TLS over another
 */
export function socketPipe(socket: Duplex, peer: string, user: PipeUser, under: Carrier = socket): BytePipe {
  const driver = new SocketDriver(socket, user.connection, user);
  let tls: CallTls | undefined;
  socket.once("close", () => user.onPipeClosed());
  return {
    peer,
    get local() {
      return socket instanceof Socket ? known(socket.localAddress, socket.localPort) : undefined;
    },
    foreign: socket instanceof Socket && !(socket instanceof TLSSocket) ? overPlainSocket : overSocket,
    get tls() {
      if (tls === undefined && socket instanceof TLSSocket) tls = tlsFacts(socket);
      return tls;
    },
    outputReady: () => driver.schedule(),
    outputFull: () => driver.flush(),
    finish: () => driver.close(),
    destroy: () => void socket.destroy(),
    keepAlive(alive) {
      if (alive) under.ref?.();
      else under.unref?.();
    },
  };
}

/** `address:port` of a socket's other end; undefined for a socket of the file system. */
export function remoteOf({ remoteAddress, remotePort }: Socket): string | undefined {
  return known(remoteAddress, remotePort);
}

function known(address: string | undefined, port: number | undefined): string | undefined {
  return address === undefined ? undefined : hostPort(address, port);
}

import type { Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { SocketDriver } from "../../../platform/node/socket-driver.js";
import type { BytePipe, PipeUser } from "../byte-pipe.js";
import { TlsFacts } from "./tls-facts.js";

/** Binds a socket that is connected to its user. */
export function socketPipe(socket: Socket, peer: string, user: PipeUser): BytePipe {
  const { connection } = user;
  const driver = new SocketDriver(socket, {
    receive: (bytes) => user.receive(bytes),
    receiveEnd: (error) => user.receiveEnd(error),
    take: () => connection.take(),
    done: (batch) => connection.done(batch),
  });
  socket.once("close", () => user.onPipeClosed());
  return {
    peer,
    tls: socket instanceof TLSSocket ? new TlsFacts(socket) : undefined,
    outputReady: () => driver.schedule(),
    outputFull: () => driver.flush(),
    finish: () => driver.close(),
    destroy: () => void socket.destroy(),
    keepAlive(alive) {
      if (alive) socket.ref();
      else socket.unref();
    },
  };
}

/** `address:port` of a socket's other end; undefined for a socket of the file system. */
export function remoteOf({ remoteAddress, remotePort }: Socket): string | undefined {
  if (remoteAddress === undefined) return undefined;
  return remoteAddress.includes(":") ? `[${remoteAddress}]:${remotePort}` : `${remoteAddress}:${remotePort}`;
}

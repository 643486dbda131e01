import { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import { hostPort } from "../../../core/host-port.js";
import { SocketDriver } from "../../../platform/node/socket-driver.js";
import type { CallTls } from "../../transport.js";
import type { BytePipe, ForeignServers, PipeUser } from "../byte-pipe.js";
import { overPlainSocket, overSocket } from "./foreign-servers.js";
import { tlsFacts } from "./tls-facts.js";

/** A stream, which may keep the process alive. */
type Carrier = Duplex & Partial<Pick<Socket, "ref" | "unref">>;

/** Binds a socket that is connected to its user. A class, as V8 does not inline calls into an object that has getters of its own. */
export class SocketPipe extends SocketDriver implements BytePipe {
  readonly peer: string;
  readonly foreign: ForeignServers;
  readonly #under: Carrier;
  #tls: CallTls | undefined;

  /** @param under the stream that carries it, where it is TLS over another */
  constructor(socket: Duplex, peer: string, user: PipeUser, under: Carrier = socket) {
    super(socket, user.connection, user);
    this.peer = peer;
    this.foreign = socket instanceof Socket && !(socket instanceof TLSSocket) ? overPlainSocket : overSocket;
    this.#under = under;
    socket.once("close", () => user.onPipeClosed());
  }

  get local(): string | undefined {
    const { socket } = this;
    return socket instanceof Socket ? known(socket.localAddress, socket.localPort) : undefined;
  }

  get tls(): CallTls | undefined {
    if (this.#tls === undefined && this.socket instanceof TLSSocket) this.#tls = tlsFacts(this.socket);
    return this.#tls;
  }

  destroy(): void {
    this.socket.destroy();
  }

  keepAlive(alive: boolean): void {
    if (alive) this.#under.ref?.();
    else this.#under.unref?.();
  }
}

/** `address:port` of a socket's other end; undefined for a socket of the file system. */
export function remoteOf({ remoteAddress, remotePort }: Socket): string | undefined {
  return known(remoteAddress, remotePort);
}

function known(address: string | undefined, port: number | undefined): string | undefined {
  return address === undefined ? undefined : hostPort(address, port);
}

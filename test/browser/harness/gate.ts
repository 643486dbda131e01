import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";

/** A way to a port of 127.0.0.1 that can be cut, as a network is: connections break, and new ones come to nothing. */
export class Gate {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets: Set<Socket>;
  readonly #state: { open: boolean };

  private constructor(server: Server, sockets: Set<Socket>, state: { open: boolean }) {
    this.port = (server.address() as AddressInfo).port; // it listens on TCP
    this.#server = server;
    this.#sockets = sockets;
    this.#state = state;
  }

  static async before(target: number): Promise<Gate> {
    const sockets = new Set<Socket>();
    const state = { open: true };
    const server = createServer((socket) => {
      if (!state.open) {
        socket.destroy();
        return;
      }
      const further = connect(target, "127.0.0.1");
      socket.pipe(further).pipe(socket);
      for (const one of [socket, further]) {
        sockets.add(one);
        one.on("error", () => {});
        one.on("close", () => {
          sockets.delete(one);
          socket.destroy();
          further.destroy();
        });
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Gate(server, sockets, state);
  }

  shut(): void {
    this.#state.open = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  open(): void {
    this.#state.open = true;
  }

  close(): Promise<void> {
    this.shut();
    return new Promise((resolve) => void this.#server.close(() => resolve()));
  }
}

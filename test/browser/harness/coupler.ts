import type { Server } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";

/** Joins the two WebSockets that ask for the same `/couple/<name>`: what one sends the other receives, the close too. */
export function attachCoupler(web: Server): void {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 1024 * 1024 });
  const first = new Map<string, Half>();
  web.on("upgrade", (request, socket, head) => {
    const name = /^\/couple\/(\w+)$/.exec(request.url ?? "")?.[1];
    if (name === undefined) return;
    sockets.handleUpgrade(request, socket, head, (one) => {
      if (name === "nobody") {
        one.close(4404, "nobody listens");
        return;
      }
      const half = new Half(one);
      const other = first.get(name);
      if (other === undefined) {
        first.set(name, half);
        return;
      }
      first.delete(name);
      half.join(other);
      other.join(half);
    });
  });
}

/** One of the two: keeps what comes until the other is there. */
class Half {
  readonly #socket: WebSocket;
  readonly #early: Buffer[] = [];
  #closed: number | undefined;
  #other: Half | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer) => {
      if (this.#other === undefined) this.#early.push(data);
      else this.#other.#socket.send(data);
    });
    socket.on("error", () => {});
    socket.on("close", (code) => {
      this.#closed = code;
      if (this.#other !== undefined) this.#other.#end(code);
    });
  }

  join(other: Half): void {
    this.#other = other;
    for (const data of this.#early) other.#socket.send(data);
    if (this.#closed !== undefined) other.#end(this.#closed);
  }

  #end(code: number): void {
    if (code === 1006) this.#socket.terminate();
    else this.#socket.close(code === 1005 ? 1000 : code);
  }
}

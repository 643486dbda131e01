import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { decode, encode, type Packet } from "dns-packet";

/** The one name there is. */
export const NAME = "svc.fleet.test";

const AUTHORITATIVE_ANSWER = 1 << 10;
const NXDOMAIN = 3;

/** A DNS server on loopback that knows one name, whose addresses may change at any time. */
export class NameServer {
  readonly #socket: Socket;
  readonly #addresses = new Set<string>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("message", (message, from) => this.#answer(message, from));
  }

  static async start(): Promise<NameServer> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return new NameServer(socket);
  }

  get port(): number {
    return this.#socket.address().port;
  }

  add(address: string): void {
    this.#addresses.add(address);
  }

  remove(address: string): void {
    this.#addresses.delete(address);
  }

  stop(): void {
    this.#socket.close();
  }

  #answer(message: Buffer, from: RemoteInfo): void {
    const { id = 0, questions = [] } = decode(message);
    const [asked] = questions;
    const known = asked?.name.toLowerCase() === NAME;
    const answers: Packet["answers"] =
      known && asked.type === "A" ? [...this.#addresses].map((data) => ({ type: "A", name: NAME, ttl: 0, data })) : [];
    const flags = AUTHORITATIVE_ANSWER | (known ? 0 : NXDOMAIN);
    this.#socket.send(encode({ type: "response", id, flags, questions, answers }), from.port, from.address);
  }
}

import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { type Answer, decode, encode } from "dns-packet";

const AUTHORITATIVE_ANSWER = 1 << 10;
const NXDOMAIN = 3;

/** What it says of one name. */
export interface Records {
  readonly A?: readonly string[];
  readonly AAAA?: readonly string[];
  readonly SRV?: readonly {
    readonly target: string;
    readonly port: number;
    readonly priority: number;
    readonly weight: number;
  }[];
  readonly TXT?: readonly string[];
  /** Answers so instead (RFC 1035): 2 for SERVFAIL, 5 for REFUSED. */
  readonly rcode?: number;
}

/** A DNS server on loopback; what it knows may change at any time. */
export class NameServer {
  readonly names: Record<string, Records> = {};
  /** Questions so far: `A web.test`. */
  readonly asked: string[] = [];
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("message", (message, { port, address }) => this.#socket.send(this.#answer(message), port, address));
  }

  static async start(): Promise<NameServer> {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1");
    await once(socket, "listening");
    return new NameServer(socket);
  }

  /** As it stands in a target: `dns://ADDRESS/name`. */
  get address(): string {
    return `127.0.0.1:${this.#socket.address().port}`;
  }

  stop(): void {
    this.#socket.close();
  }

  #answer(message: Buffer): Buffer {
    const { id = 0, questions = [] } = decode(message);
    const [question] = questions;
    const name = question?.name.toLowerCase() ?? "";
    this.asked.push(`${question?.type} ${name}`);
    const records = this.names[name];
    const answers: Answer[] = [];
    if (question?.type === "A") for (const data of records?.A ?? []) answers.push({ type: "A", name, ttl: 0, data });
    if (question?.type === "AAAA")
      for (const data of records?.AAAA ?? []) answers.push({ type: "AAAA", name, ttl: 0, data });
    if (question?.type === "SRV")
      for (const data of records?.SRV ?? []) answers.push({ type: "SRV", name, ttl: 0, data });
    if (question?.type === "TXT")
      for (const data of records?.TXT ?? []) answers.push({ type: "TXT", name, ttl: 0, data });
    const flags = AUTHORITATIVE_ANSWER | (records === undefined ? NXDOMAIN : (records.rcode ?? 0));
    return encode({ type: "response", id, flags, questions, answers });
  }
}

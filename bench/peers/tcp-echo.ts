import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { BenchClient, Peer } from "../peer.js";

/**
 * The bytes of one call of 20 B once both ends' header tables are full: a HEADERS frame of 9 + 8, a DATA frame of 9 + 5 + 20; the
 * answer has a second HEADERS frame, for its trailers, of 9 + 2.
 */
const requestBytes = 51;
const responseBytes = 62;

const request = Buffer.alloc(requestBytes, 1);

/** A client of the echo: waits for as many bytes as answer what it sent; what is asked for in one turn leaves in one write. */
class EchoClient implements BenchClient {
  readonly #socket: Socket;
  readonly #waiting: (() => void)[] = [];
  #unsent = 0;
  #bytes = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (data) => this.#receive(data.length));
  }

  unary(): Promise<void> {
    if (this.#unsent++ === 0) process.nextTick(() => this.#flush());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  serverStream = unsupported;
  clientStream = unsupported;
  firehose = unsupported;
  pingPong = unsupported;

  #flush(): void {
    const count = this.#unsent;
    this.#unsent = 0;
    this.#socket.write(count === 1 ? request : Buffer.alloc(count * requestBytes, 1));
  }

  #receive(length: number): void {
    this.#bytes += length;
    while (this.#bytes >= responseBytes) {
      this.#bytes -= responseBytes;
      this.#waiting.shift()?.();
    }
  }
}

async function unsupported(): Promise<void> {
  throw new Error("an echo has no streams");
}

/** As many bytes each way as a unary call of 20 B takes, over bare sockets: the floor under every gRPC in Node. */
export const peer: Peer = {
  async serve() {
    const server = createServer({ noDelay: true }, (socket) => {
      let bytes = 0;
      socket.on("data", ({ length }) => {
        bytes += length;
        const calls = Math.floor(bytes / requestBytes);
        bytes -= calls * requestBytes;
        if (calls > 0) socket.write(Buffer.alloc(calls * responseBytes, 2));
      });
      socket.on("error", () => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    // It listens on TCP.
    return (server.address() as AddressInfo).port;
  },
  connect(port) {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    return new Promise((resolve, reject) => {
      socket.once("error", reject).once("connect", () => resolve(new EchoClient(socket)));
    });
  },
};

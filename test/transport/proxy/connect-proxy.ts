import { createServer as createHttp, type IncomingMessage } from "node:http";
import { createServer as createHttps } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Pair } from "../../support/certificates.js";

export interface ConnectProxyOptions {
  /** Where each name leads; what is not in it is refused with 502. Without it a name leads to its own port on this machine. */
  readonly names?: Readonly<Record<string, number>>;
  /** `user:password` that it asks for. */
  readonly credentials?: string;
  /** Speaks TLS to its clients. */
  readonly tls?: Pair;
  /** The server's first bytes come in one piece with the answer, as they may. */
  readonly joined?: boolean;
  /** Answers nothing. */
  readonly silent?: boolean;
}

/** A CONNECT request as the proxy saw it. */
export interface Asked {
  readonly authority: string;
  readonly headers: IncomingMessage["headers"];
}

/** A proxy that opens tunnels by CONNECT, to where it is told names lead. */
export class ConnectProxy {
  readonly asked: Asked[] = [];
  readonly #options: ConnectProxyOptions;
  readonly #sockets = new Set<Duplex>();
  readonly #server;

  private constructor(options: ConnectProxyOptions) {
    this.#options = options;
    this.#server = options.tls === undefined ? createHttp() : createHttps(options.tls);
    this.#server.on("connect", (request, socket, head) => this.#connect(request, socket, head));
  }

  static async start(options: ConnectProxyOptions): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(options);
    await new Promise<void>((resolve) => proxy.#server.listen(0, "127.0.0.1", resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // it listens on TCP
  }

  /** Tunnels that are open. */
  get open(): number {
    return this.#sockets.size;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connect(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const authority = request.url ?? "";
    this.asked.push({ authority, headers: request.headers });
    this.#track(socket);
    const { names, credentials, silent, joined } = this.#options;
    if (silent) {
      socket.resume().on("end", () => socket.destroy());
      return;
    }
    const expected = `Basic ${Buffer.from(credentials ?? "").toString("base64")}`;
    if (credentials !== undefined && request.headers["proxy-authorization"] !== expected) {
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic realm=test\r\n\r\n");
      return;
    }
    const port = names === undefined ? Number(authority.split(":").at(-1)) : names[authority];
    if (port === undefined) {
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
      return;
    }
    const server = connect(port, "127.0.0.1");
    this.#track(server);
    server.once("connect", () => {
      server.write(head);
      const answer = Buffer.from("HTTP/1.1 200 Connection established\r\n\r\n");
      const relay = (first: Buffer): void => {
        socket.write(Buffer.concat([answer, first]));
        server.pipe(socket).pipe(server);
      };
      if (joined) server.once("data", relay);
      else relay(Buffer.alloc(0));
    });
    server.on("error", () => socket.destroy());
    socket.on("error", () => server.destroy());
  }

  #track(socket: Duplex | Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => this.#sockets.delete(socket));
  }
}

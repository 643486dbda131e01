import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type Server, type Socket } from "node:net";
import {
  ACK,
  DATA,
  END_HEADERS,
  END_STREAM,
  type Frame,
  frame,
  GOAWAY,
  HEADERS,
  headerBlock,
  PING,
  PREFACE,
  parseFrames,
  RST_STREAM,
  SETTINGS,
  settings,
  uint32,
  WINDOW_UPDATE,
} from "./frames.js";

type Headers = readonly (readonly [name: string, value: string])[];

/** One end of a connection that writes and reads frames by hand, and does nothing of its own accord but acknowledge settings and pings. */
export class RawPeer {
  readonly socket: Socket;
  /** What came and was not yet taken by `next`. */
  readonly frames: Frame[] = [];
  /** All that ever came, in order. */
  readonly log: Frame[] = [];
  closed = false;
  /** Answer PING frames. */
  answersPings = true;
  /** Acknowledge SETTINGS frames. */
  acknowledges = true;
  #rest: Buffer = Buffer.alloc(0);
  #prefaceLeft: number;
  #wakers: (() => void)[] = [];

  constructor(socket: Socket, side: "client" | "server") {
    this.socket = socket;
    this.#prefaceLeft = side === "server" ? PREFACE.length : 0;
    socket.setNoDelay();
    socket.on("data", (chunk) => this.#onData(chunk));
    socket.on("error", () => {});
    socket.on("close", () => {
      this.closed = true;
      this.#wake();
    });
  }

  send(...parts: Uint8Array[]): void {
    if (!this.socket.destroyed) this.socket.write(Buffer.concat(parts));
  }
  settings(...pairs: [id: number, value: number][]): void {
    this.send(frame(SETTINGS, 0, 0, settings(...pairs)));
  }
  headers(stream: number, headers: Headers, flags = 0): void {
    this.send(frame(HEADERS, END_HEADERS | flags, stream, headerBlock(headers)));
  }
  data(stream: number, payload: Uint8Array, flags = 0): void {
    this.send(frame(DATA, flags, stream, payload));
  }
  reset(stream: number, code: number): void {
    this.send(frame(RST_STREAM, 0, stream, uint32(code)));
  }
  goaway(lastStream: number, code: number, debug = ""): void {
    this.send(frame(GOAWAY, 0, 0, Buffer.concat([uint32(lastStream, code), Buffer.from(debug)])));
  }

  /** A response's headers. */
  respond(stream: number, extra: Headers = [], flags = 0): void {
    this.headers(stream, [[":status", "200"], ["content-type", "application/grpc"], ...extra], flags);
  }
  trailers(stream: number, code = "0", extra: Headers = []): void {
    this.headers(stream, [["grpc-status", code], ...extra], END_STREAM);
  }
  /** A request's headers. */
  request(stream: number, path: string, extra: Headers = [], flags = 0): void {
    this.headers(
      stream,
      [
        [":method", "POST"],
        [":scheme", "http"],
        [":path", path],
        [":authority", "test"],
        ["te", "trailers"],
        ["content-type", "application/grpc"],
        ...extra,
      ],
      flags,
    );
  }

  /** Waits for a frame among those not yet taken by `next`, and takes it. */
  async next(matches: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const index = this.frames.findIndex(matches);
      if (index >= 0) return this.frames.splice(index, 1)[0]!;
      if (this.closed) throw new Error("the connection was closed before such a frame came");
      await new Promise<void>((resolve) => this.#wakers.push(resolve));
    }
  }
  /** Waits for the connection to close. */
  async end(): Promise<void> {
    while (!this.closed) await new Promise<void>((resolve) => this.#wakers.push(resolve));
  }

  #onData(chunk: Buffer): void {
    let bytes: Buffer = Buffer.concat([this.#rest, chunk]);
    if (this.#prefaceLeft > 0) {
      const skipped = Math.min(this.#prefaceLeft, bytes.length);
      this.#prefaceLeft -= skipped;
      bytes = bytes.subarray(skipped);
    }
    const { frames, rest } = parseFrames(bytes);
    this.#rest = rest;
    for (const one of frames) {
      if (one.type === SETTINGS && (one.flags & ACK) === 0 && this.acknowledges) this.send(frame(SETTINGS, ACK, 0));
      if (one.type === PING && (one.flags & ACK) === 0 && this.answersPings)
        this.send(frame(PING, ACK, 0, one.payload));
    }
    this.frames.push(...frames);
    this.log.push(...frames);
    this.#wake();
  }
  #wake(): void {
    for (const waker of this.#wakers.splice(0)) waker();
  }
}

/** A listening socket whose connections are raw peers. */
export class RawServer {
  readonly #server: Server;
  readonly peers: RawPeer[] = [];
  /** What it greets connections with; undefined: nothing. */
  greeting: [id: number, value: number][] | undefined = [];
  #wakers: (() => void)[] = [];

  private constructor(server: Server) {
    this.#server = server;
    server.on("connection", (socket) => {
      const peer = new RawPeer(socket, "server");
      if (this.greeting !== undefined) peer.settings(...this.greeting);
      else peer.acknowledges = false; // an acknowledgement before any settings would be an error of its own
      this.peers.push(peer);
      for (const waker of this.#wakers.splice(0)) waker();
    });
  }
  static async listen(port = 0): Promise<RawServer> {
    const server = createServer();
    const raw = new RawServer(server);
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
    return raw;
  }
  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }
  get target(): string {
    return `http://127.0.0.1:${this.port}`;
  }
  /** The connection with this number, when it is there. */
  async peer(index = 0): Promise<RawPeer> {
    while (this.peers.length <= index) await new Promise<void>((resolve) => this.#wakers.push(resolve));
    return this.peers[index]!;
  }
  async close(): Promise<void> {
    for (const peer of this.peers) peer.socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A raw client: connected, preface and settings sent, its windows wide open. */
export async function rawClient(port: number, ...pairs: [id: number, value: number][]): Promise<RawPeer> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  const peer = new RawPeer(socket, "client");
  peer.send(PREFACE, frame(SETTINGS, 0, 0, settings(...pairs)), frame(WINDOW_UPDATE, 0, 0, uint32(1 << 30)));
  return peer;
}

import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  createServer,
  type ServerHttp2Stream,
} from "node:http2";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { encodedItemOf } from "../item.js";
import { type BenchClient, expectCount, type Peer } from "../peer.js";

/** Frames are put together up to this many bytes. */
const batchBytes = 64 << 10;
const window = 1 << 20;

function frameOf(size: number): Buffer {
  const item = encodedItemOf(size);
  const frame = Buffer.alloc(5 + item.length);
  frame.writeUInt32BE(item.length, 1);
  item.copy(frame, 5);
  return frame;
}

/** Writes `count` frames of `size` bytes: one write each, or as many to a write as fit. */
function pump(stream: Duplex, size: number, count: number, batched: boolean): void {
  const frame = frameOf(size);
  const many = batched ? Math.max(1, Math.floor(batchBytes / frame.length)) : 1;
  const batch = many === 1 ? frame : Buffer.concat(Array.from({ length: many }, () => frame));
  let left = count;
  const more = () => {
    while (left > 0) {
      const now = Math.min(many, left);
      left -= now;
      if (!stream.write(now === many ? batch : batch.subarray(0, now * frame.length))) {
        stream.once("drain", more);
        return;
      }
    }
    stream.end();
  };
  more();
}

/** Counts the frames of a stream by their length prefixes. */
function countFrames(stream: Duplex, onFrames: (count: number) => void): void {
  const prefix = Buffer.alloc(5);
  let prefixLength = 0;
  let left = 0;
  stream.on("data", (chunk: Buffer) => {
    let frames = 0;
    for (let at = 0; at < chunk.length; ) {
      if (left > 0) {
        const part = Math.min(left, chunk.length - at);
        left -= part;
        at += part;
        if (left === 0) frames++;
        continue;
      }
      prefix[prefixLength++] = chunk[at++]!;
      if (prefixLength < 5) continue;
      prefixLength = 0;
      left = prefix.readUInt32BE(1);
    }
    if (frames > 0) onFrames(frames);
  });
}

function handle(stream: Duplex & Pick<ServerHttp2Stream, "respond">, path: string, batched: boolean): void {
  const [, what, size, count] = path.split("/");
  stream.respond({ ":status": 200 });
  switch (what) {
    case "serverStream":
      stream.resume();
      pump(stream, Number(size), Number(count), batched);
      break;
    case "clientStream": {
      let received = 0;
      countFrames(stream, (frames) => {
        received += frames;
      });
      stream.on("end", () => stream.end(String(received)));
      break;
    }
    default:
      if (batched) {
        stream.pipe(stream);
        break;
      }
      countFrames(stream, (frames) => {
        for (let i = 0; i < frames; i++) stream.write(frameOf(Number(size)));
      });
      stream.on("end", () => stream.end());
  }
}

class Client implements BenchClient {
  readonly #session: ClientHttp2Session;
  readonly #batched: boolean;

  constructor(port: number, batched: boolean) {
    this.#session = connect(`http://127.0.0.1:${port}`, { settings: { initialWindowSize: window } });
    this.#session.on("connect", () => this.#session.setLocalWindowSize(window));
    this.#batched = batched;
  }

  #request(path: string): ClientHttp2Stream {
    return this.#session.request({ ":method": "POST", ":path": path }, { endStream: false });
  }

  async unary(size: number): Promise<void> {
    const stream = this.#request(`/echo/${size}`);
    const done = framesOf(stream, 1);
    stream.end(frameOf(size));
    await done;
  }

  serverStream(size: number, count: number): Promise<void> {
    const stream = this.#request(`/serverStream/${size}/${count}`);
    stream.end();
    return framesOf(stream, count);
  }

  async clientStream(size: number, count: number): Promise<void> {
    const stream = this.#request("/clientStream");
    pump(stream, size, count, this.#batched);
    const parts: Buffer[] = [];
    for await (const part of stream) parts.push(part);
    expectCount(Number(Buffer.concat(parts)), count);
  }

  firehose(size: number, count: number): Promise<void> {
    const stream = this.#request(`/echo/${size}`);
    pump(stream, size, count, this.#batched);
    return framesOf(stream, count);
  }

  pingPong(size: number, count: number): Promise<void> {
    const stream = this.#request(`/echo/${size}`);
    const frame = frameOf(size);
    const done = framesOf(stream, count);
    let left = count;
    countFrames(stream, () => {
      if (--left > 0) stream.write(frame);
      else stream.end();
    });
    stream.write(frame);
    return done;
  }
}

function framesOf(stream: Duplex, expected: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let received = 0;
    countFrames(stream, (frames) => {
      received += frames;
    });
    stream.on("error", reject);
    stream.on("end", () => {
      expectCount(received, expected);
      resolve();
    });
  });
}

function peerOf(batched: boolean): Peer {
  return {
    async serve() {
      const server = createServer({ settings: { initialWindowSize: window } });
      server.on("session", (session) => session.setLocalWindowSize(window));
      // The types of Node 20 have a plain Http2Stream here.
      server.on("stream", (stream: ServerHttp2Stream, headers) => handle(stream, headers[":path"] ?? "", batched));
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      return (server.address() as AddressInfo).port;
    },
    connect: (port) => new Client(port, batched),
  };
}

/** The same frames on bare streams, without a codec or anything of gRPC: a write for each message. */
export const single: Peer = peerOf(false);
/** And as many messages to a write as fit: the limit of what node:http2 carries. */
export const batched: Peer = peerOf(true);

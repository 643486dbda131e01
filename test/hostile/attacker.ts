import { once } from "node:events";
import { connect, type Socket } from "node:net";
import {
  ACK,
  DATA,
  END_HEADERS,
  END_STREAM,
  frame,
  HEADERS,
  headerBlock,
  PING,
  PREFACE,
  RST_STREAM,
  SETTINGS,
  settings,
  uint32,
  WINDOW_UPDATE,
} from "../fault/frames.js";

/** How long an attacker waits for a window or a socket that stays shut. */
const PATIENCE_MS = 1500;

/** A client that writes frames by hand, keeps to flow control, and to nothing else. */
export class Attacker {
  readonly socket: Socket;
  closed = false;
  #rest: Buffer = Buffer.alloc(0);
  #window = 65_535;
  #initial = 65_535;
  readonly #windows = new Map<number, number>();
  #wakers: (() => void)[] = [];

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.on("data", (chunk) => this.#onData(chunk));
    socket.on("error", () => {});
    socket.on("drain", () => this.#wake());
    socket.on("close", () => {
      this.closed = true;
      this.#wake();
    });
  }

  static async open(port: number, ...pairs: [id: number, value: number][]): Promise<Attacker> {
    const attacker = new Attacker(connect(port, "127.0.0.1"));
    await once(attacker.socket, "connect");
    attacker.socket.write(Buffer.concat([PREFACE, frame(SETTINGS, 0, 0, settings(...pairs))]));
    return attacker;
  }

  /** Writes, and waits while the server does not read; false once the connection is over or stands still. */
  async write(...parts: readonly Uint8Array[]): Promise<boolean> {
    if (this.closed) return false;
    if (this.socket.write(Buffer.concat(parts))) return true;
    return (await this.#woken(() => !this.socket.writableNeedDrain)) && !this.closed;
  }

  /** Sends up to `bytes` of `unit`s on a new stream, as far as the windows allow; returns how many went out. */
  async fill(stream: number, path: string, bytes: number, unit: Buffer): Promise<number> {
    if (!(await this.write(request(stream, path)))) return 0;
    const chunk = Buffer.concat(Array.from({ length: Math.floor(16_000 / unit.length) }, () => unit));
    let sent = 0;
    while (sent + chunk.length <= bytes) {
      const room = (): boolean =>
        this.#window >= chunk.length && (this.#windows.get(stream) ?? this.#initial) >= chunk.length;
      if (!room() && !(await this.#woken(room))) break;
      this.#window -= chunk.length;
      this.#windows.set(stream, (this.#windows.get(stream) ?? this.#initial) - chunk.length);
      sent += chunk.length;
      if (!(await this.write(frame(DATA, 0, stream, chunk)))) break;
    }
    return sent;
  }

  leave(): void {
    this.socket.destroy();
  }

  async #woken(enough: () => boolean): Promise<boolean> {
    const until = performance.now() + PATIENCE_MS;
    while (!this.closed && !enough() && performance.now() < until) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, PATIENCE_MS / 10);
        this.#wakers.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
    return !this.closed && enough();
  }

  #wake(): void {
    for (const wake of this.#wakers.splice(0)) wake();
  }

  #onData(chunk: Buffer): void {
    let bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    while (bytes.length >= 9 && bytes.length >= 9 + bytes.readUIntBE(0, 3)) {
      const length = bytes.readUIntBE(0, 3);
      this.#onFrame(bytes[3]!, bytes[4]!, bytes.readUInt32BE(5) & 0x7fffffff, bytes.subarray(9, 9 + length));
      bytes = bytes.subarray(9 + length);
    }
    this.#rest = bytes;
  }

  #onFrame(type: number, flags: number, stream: number, payload: Buffer): void {
    if (type === SETTINGS && (flags & ACK) === 0) {
      for (let at = 0; at + 6 <= payload.length; at += 6) {
        if (payload.readUInt16BE(at) === 4) this.#initial = payload.readUInt32BE(at + 2);
      }
      this.socket.write(frame(SETTINGS, ACK, 0));
    } else if (type === PING && (flags & ACK) === 0) {
      this.socket.write(frame(PING, ACK, 0, payload));
    } else if (type === WINDOW_UPDATE) {
      const more = payload.readUInt32BE(0);
      if (stream === 0) this.#window += more;
      else this.#windows.set(stream, (this.#windows.get(stream) ?? this.#initial) + more);
      this.#wake();
    }
  }
}

/** The headers of a request. */
export function request(stream: number, path: string, extra: readonly (readonly [string, string])[] = []): Buffer {
  return frame(
    HEADERS,
    END_HEADERS,
    stream,
    headerBlock([
      [":method", "POST"],
      [":scheme", "http"],
      [":path", path],
      [":authority", "x"],
      ["te", "trailers"],
      ["content-type", "application/grpc"],
      ...extra,
    ]),
  );
}

/** A message, and the end of its stream. */
export function message(stream: number, payload: Uint8Array, flag = 0): Buffer {
  return frame(DATA, END_STREAM, stream, Buffer.concat([Buffer.from([flag]), uint32(payload.length), payload]));
}

export function reset(stream: number): Buffer {
  return frame(RST_STREAM, 0, stream, uint32(8));
}

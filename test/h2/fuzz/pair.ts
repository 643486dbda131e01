import { Http2ClientConnection, Http2ServerConnection, type Stream } from "../../../src/runtime/h2/index.js";
import { FakeEnvironment } from "../support/fake-environment.js";
import { REQUEST, RESPONSE, TRAILERS } from "../support/frames.js";
import { Recorder } from "../support/peer.js";

/** Something that one of two users does, or the pipe between them. */
export type Step =
  | { readonly do: "open"; readonly end: boolean }
  | {
      readonly do: "write";
      readonly side: 0 | 1;
      readonly stream: number;
      readonly size: number;
      readonly how: "data" | "begin" | "abandon";
      readonly end: boolean;
    }
  | { readonly do: "read"; readonly side: 0 | 1; readonly stream: number; readonly size: number }
  | { readonly do: "end"; readonly side: 0 | 1; readonly stream: number }
  | { readonly do: "trailers"; readonly stream: number }
  | { readonly do: "reset"; readonly side: 0 | 1; readonly stream: number }
  | { readonly do: "ping"; readonly side: 0 | 1 }
  | { readonly do: "settings"; readonly streams: number }
  | { readonly do: "shutdown"; readonly side: 0 | 1 }
  | { readonly do: "carry"; readonly side: 0 | 1; readonly sizes: readonly number[] }
  | { readonly do: "time"; readonly ms: number };

/** One end of a stream, and what the model knows of it. */
class End extends Recorder {
  /** All that was sent from this end. */
  sent = "";
  wrote = false;
  ended = false;
  wasReset = false;
  override consumes = false;
}

/** A client and a server of ours with a slow pipe between them, and users that do anything in any order. */
export class Pair {
  readonly #environment = new FakeEnvironment();
  readonly #ends: [End[], End[]] = [[], []];
  readonly #connections: readonly [Http2ClientConnection, Http2ServerConnection];
  readonly #pipes: [Uint8Array[], Uint8Array[]] = [[], []];
  readonly #closed: (Error | undefined | null)[] = [null, null];
  #byte = 0;

  constructor(options: { initialWindowSize: number; maxFrameSize: number; maxOutputBytes: number }) {
    const base = (side: 0 | 1) => ({
      onOutput() {},
      onClose: (error: Error | undefined) => {
        this.#closed[side] = error;
      },
    });
    const limits = { resetBurst: 1e6, controlBurst: 1e6, emptyFrameBurst: 1e6, strayFrameBurst: 1e6 };
    const client = new Http2ClientConnection(base(0), this.#environment, { ...options, limits });
    const server = new Http2ServerConnection(
      {
        ...base(1),
        onStream: (stream, _headers, endStream) => {
          const end = new End();
          end.stream = stream;
          if (endStream) end.events.push("end");
          this.#ends[1][(stream.id - 1) / 2] = end;
          stream.sendHeaders([...RESPONSE], false);
          return end;
        },
      },
      this.#environment,
      { ...options, limits },
    );
    this.#connections = [client, server];
  }

  step(step: Step): void {
    switch (step.do) {
      case "open":
        this.#open(step.end);
        return;
      case "carry":
        this.#carry(step.side, step.sizes);
        return;
      case "ping":
        this.#connections[step.side].ping(() => {});
        return;
      case "settings":
        this.#connections[1].updateSettings({ maxConcurrentStreams: step.streams });
        return;
      case "shutdown":
        this.#connections[step.side].shutdown();
        return;
      case "time":
        this.#environment.advance(step.ms);
        return;
      case "trailers":
        this.#on(1, step.stream, (end) => {
          end.stream.sendHeaders([...TRAILERS], true);
          end.ended = true;
        });
        return;
      case "write":
        this.#on(step.side, step.stream, (end) => this.#write(end, step.size, step.how, step.end));
        return;
      case "read":
        this.#on(step.side, step.stream, (end) => end.stream.consumed(step.size));
        return;
      case "end":
        this.#on(step.side, step.stream, (end) => {
          end.stream.end();
          end.ended = true;
        });
        return;
      case "reset":
        this.#on(step.side, step.stream, (end) => {
          end.wasReset = true;
          end.stream.reset(8);
        });
    }
  }

  /** Everybody reads all and ends everything: nothing may hang, get lost, or stay behind. */
  settle(): void {
    for (let round = 0; round < 3000 && !this.#settled(); round++) {
      for (const side of [0, 1] as const) {
        for (const end of this.#ends[side]) {
          if (end === undefined) continue;
          end.stream.consumed(end.stream.unreadBytes);
          if (end.stream.writable && (side === 0 || round > 3)) {
            end.stream.end();
            end.ended = true;
          }
        }
        this.#carry(side, [1e9]);
      }
    }
    this.#check();
  }

  #open(endStream: boolean): void {
    const client = this.#connections[0];
    if (client.availableStreams <= 0 || this.#ends[0].length > 30) return;
    const end = new End();
    end.stream = client.request([...REQUEST], endStream, end);
    end.ended = endStream;
    this.#ends[0].push(end);
  }

  #on(side: 0 | 1, index: number, act: (end: End) => void): void {
    const ends = this.#ends[side].filter((end) => end !== undefined);
    const end = ends[index % Math.max(ends.length, 1)];
    if (end !== undefined) act(end);
  }

  #write(end: End, size: number, how: "data" | "begin" | "abandon", endStream: boolean): void {
    const { stream } = end;
    const { writable } = stream;
    const bytes = new Uint8Array(size);
    for (let i = 0; i < size; i++) bytes[i] = this.#byte++;
    if (how === "data") {
      stream.sendData(bytes, endStream);
    } else {
      const sink = stream.beginData();
      for (let at = 0; at < size; at += 700) {
        const part = bytes.subarray(at, at + 700);
        sink.reserve(part.length);
        sink.bytes.set(part, sink.position);
        sink.position += part.length;
      }
      if (how === "abandon") {
        stream.abandonData();
        return;
      }
      stream.endData(endStream);
    }
    if (!writable) return;
    end.sent += Buffer.from(bytes).toString("latin1");
    end.ended ||= endStream;
  }

  #carry(from: 0 | 1, sizes: readonly number[]): void {
    const batch = this.#connections[from].take();
    const pipe = this.#pipes[from];
    if (batch !== undefined) {
      pipe.push(...batch.pieces.map((piece) => piece.slice()));
      this.#connections[from].done(batch);
    }
    const to = this.#connections[from === 0 ? 1 : 0];
    for (const size of sizes) {
      const first = pipe.shift();
      if (first === undefined) break;
      const piece = first.slice(0, size);
      if (size < first.length) pipe.unshift(first.subarray(size));
      to.receive(piece);
      piece.fill(0xdd);
    }
  }

  #settled(): boolean {
    const [client, server] = this.#connections;
    return (
      client.openStreams + server.openStreams + client.queuedBytes + server.queuedBytes === 0 &&
      this.#pipes.every((pipe) => pipe.length === 0)
    );
  }

  #check(): void {
    const [client, server] = this.#connections;
    for (const [side, error] of this.#closed.entries()) {
      if (error instanceof Error) throw new Error(`side ${side} was closed: ${error.message}`, { cause: error.cause });
    }
    if (!this.#settled())
      throw new Error(
        `it hangs: ${client.openStreams} and ${server.openStreams} streams, ${client.queuedBytes} and ${server.queuedBytes} bytes`,
      );
    for (const [i, near] of this.#ends[0].entries()) {
      const far = this.#ends[1][i];
      if (far === undefined) {
        if (!near.wasReset && !near.events.some((event) => event.includes("unprocessed") || event.startsWith("reset")))
          throw new Error(`stream ${i} never came`);
        continue;
      }
      delivered(near, far);
      delivered(far, near);
    }
    if (client.unreadBytes + server.unreadBytes > 0) throw new Error("unread bytes are counted that nobody can read");
    if (this.#environment.held !== 0) throw new Error(`${this.#environment.held} blocks are held`);
  }
}

/** What one end sent is what the other got: all of it where nobody reset the stream, else a beginning of it. */
function delivered(from: End, to: End): void {
  const whole = !from.wasReset && !to.wasReset && !from.events.some((event) => event.startsWith("reset"));
  if (whole ? to.data !== from.sent : !from.sent.startsWith(to.data)) {
    throw new Error(
      `sent ${from.sent.length} bytes, got ${to.data.length}${from.sent.startsWith(to.data) ? "" : ", and others"}`,
    );
  }
  const ends = to.events.filter((event) => event === "end" || event.endsWith("END")).length;
  if (ends > 1) throw new Error("it ended twice");
  if (whole && from.ended && ends !== 1) throw new Error(`an end was lost: ${to.events.join("; ")}`);
}

export type { Stream };

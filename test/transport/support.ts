import { type Codec, writeBytes } from "../../src/runtime/core/codec.js";
import { Metadata, status } from "../../src/runtime/core/metadata.js";
import type { AnyMethod, Method, MethodKind } from "../../src/runtime/core/method.js";
import type { StatusObject } from "../../src/runtime/core/rpc-error.js";
import type {
  Channel,
  ClientListener,
  ClientStream,
  MethodServer,
  MethodServers,
  ServerListener,
  ServerStream,
  StartOptions,
} from "../../src/runtime/transport/transport.js";

/** Messages are bytes, sent and received as they are. */
export const bytes: Codec<Uint8Array> = {
  typeName: "test.Bytes",
  encode: writeBytes,
  decode: (received) => received.slice(),
};

export type BytesMethod = Method<MethodKind, Uint8Array, Uint8Array, Uint8Array, Uint8Array>;

export function bytesMethod(name: string, kind: MethodKind = "bidi_streaming"): BytesMethod {
  return { kind, path: `/test.Test/${name}`, request: bytes, response: bytes };
}

export function startOptions(options: Partial<StartOptions> = {}): StartOptions {
  return {
    metadata: new Metadata(),
    deadline: Number.POSITIVE_INFINITY,
    waitForReady: false,
    compression: "identity",
    highWaterMark: 64 * 1024,
    ...options,
  };
}

export function ok(details = "", metadata = new Metadata()): StatusObject {
  return { code: status.OK, details, metadata };
}

/** A client's side of a call, with all that it heard. */
export class Recorder implements ClientListener<Uint8Array> {
  readonly events: string[] = [];
  header: Metadata | undefined;
  readonly messages: Uint8Array[] = [];
  batches = 0;
  drains = 0;
  stream!: ClientStream<Uint8Array>;
  readonly status: Promise<StatusObject>;
  settled: StatusObject | undefined;
  #resolve!: (status: StatusObject) => void;
  #wakers: (() => void)[] = [];

  constructor() {
    this.status = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  static start(channel: Channel, method: BytesMethod, options: Partial<StartOptions> = {}): Recorder {
    const recorder = new Recorder();
    recorder.stream = channel.start(
      method as Method<AnyMethod["kind"], unknown, Uint8Array, Uint8Array, never>,
      startOptions(options),
      recorder,
    );
    return recorder;
  }

  onHeader(header: Metadata): void {
    this.events.push("header");
    this.header = header;
    this.#wake();
  }
  onMessages(batch: Uint8Array[]): void {
    this.events.push("messages");
    this.batches++;
    this.messages.push(...batch);
    this.#wake();
  }
  onDrain(): void {
    this.drains++;
    this.#wake();
  }
  onStatus(result: StatusObject): void {
    this.events.push("status");
    if (this.settled !== undefined) throw new Error("a second status");
    this.settled = result;
    this.#resolve(result);
    this.#wake();
  }

  /** Resolves when `condition` holds; it is asked again whenever something is heard. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#wakers.push(resolve));
  }
  #wake(): void {
    for (const waker of this.#wakers.splice(0)) waker();
  }
  get text(): string[] {
    return this.messages.map((message) => Buffer.from(message).toString());
  }
}

/** A server's side of a call, with all that it heard. */
export class ServerRecorder implements ServerListener<Uint8Array> {
  readonly events: string[] = [];
  readonly messages: Uint8Array[] = [];
  readonly stream: ServerStream<Uint8Array>;
  cancelled: StatusObject | undefined;
  halfClosed = false;
  #wakers: (() => void)[] = [];
  constructor(stream: ServerStream<Uint8Array>) {
    this.stream = stream;
  }
  onMessages(batch: Uint8Array[]): void {
    this.events.push("messages");
    this.messages.push(...batch);
    this.wake();
  }
  onHalfClose(): void {
    this.events.push("halfClose");
    this.halfClosed = true;
    this.wake();
  }
  onDrain(): void {
    this.events.push("drain");
    this.wake();
  }
  onCancel(result: StatusObject): void {
    this.events.push("cancel");
    this.cancelled = result;
    this.wake();
  }
  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#wakers.push(resolve));
  }
  wake(): void {
    for (const waker of this.#wakers.splice(0)) waker();
  }
  get text(): string[] {
    return this.messages.map((message) => Buffer.from(message).toString());
  }
}

export type Accept = (stream: ServerStream<Uint8Array>) => ServerListener<Uint8Array>;

/** Methods of `test.Test` by name. */
export function methodServers(accepts: Record<string, Accept>): MethodServers {
  const servers = new Map<string, MethodServer>();
  for (const [name, accept] of Object.entries(accepts)) {
    const method = bytesMethod(name);
    const server: MethodServer<Uint8Array, Uint8Array> = { method, accept };
    // A table of servers is heterogeneous: each entry's message types meet only its own method's.
    servers.set(method.path, server as unknown as MethodServer);
  }
  return servers;
}

/** Answers each message with itself, with flow control, and ends OK after the client. */
export const echo: Accept = (stream) => {
  let waiting: Uint8Array[] = [];
  let blocked = false;
  let ended = false;
  const pump = () => {
    while (!blocked && waiting.length > 0) {
      const message = waiting.shift()!;
      if (!stream.write(message)) {
        blocked = true;
        stream.pause();
      }
    }
    if (ended && waiting.length === 0) stream.finish(ok());
  };
  return {
    onMessages(batch) {
      waiting = waiting.length === 0 ? batch : waiting.concat(batch);
      pump();
    },
    onHalfClose() {
      ended = true;
      pump();
    },
    onDrain() {
      blocked = false;
      stream.resume();
      pump();
    },
    onCancel() {
      waiting = [];
    },
  };
};

export function text(value: string): Uint8Array {
  return Buffer.from(value);
}

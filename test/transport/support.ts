import { type Codec, writeBytes } from "../../src/runtime/core/codec.js";
import { Metadata } from "../../src/runtime/core/metadata.js";
import type { CalledMethod, Method, MethodKind } from "../../src/runtime/core/method.js";
import { RpcError, type StatusObject } from "../../src/runtime/core/rpc-error.js";
import { status } from "../../src/runtime/core/status.js";
import type {
  Channel,
  ClientListener,
  ClientStream,
  MethodServer,
  MethodServers,
  ReceivedMessages,
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

/** Takes all that waits; an RpcError where that cannot be read. */
function takeAll(received: ReceivedMessages<Uint8Array>, into: Uint8Array[]): RpcError | undefined {
  try {
    while (received.waiting > 0) into.push(received.next());
  } catch (error) {
    if (error instanceof RpcError) return error;
    throw error;
  }
  return undefined;
}

/** A client's side of a call, with all that it heard. It takes messages as they come, unless it is paused. */
export class Recorder implements ClientListener {
  readonly events: string[] = [];
  header: Metadata | undefined;
  readonly messages: Uint8Array[] = [];
  batches = 0;
  drains = 0;
  paused = false;
  stream!: ClientStream<Uint8Array, Uint8Array>;
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
    const called: CalledMethod<Uint8Array, Uint8Array> = method;
    recorder.stream = channel.start(called, startOptions(options), recorder);
    return recorder;
  }

  onHeader(header: Metadata): void {
    this.events.push("header");
    this.header = header;
    this.#wake();
  }
  onReadable(): void {
    this.events.push("messages");
    this.batches++;
    if (!this.paused) this.take();
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

  /** Takes what waits; a fault in it ends the call. */
  take(): void {
    const error = takeAll(this.stream.received, this.messages);
    if (error !== undefined) this.stream.cancel(error.code, error.details);
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

export type BytesServerStream = ServerStream<Uint8Array, Uint8Array>;

/** A server's side of a call, with all that it heard. Its handler is done when the call is over. */
export class ServerRecorder implements ServerListener {
  readonly events: string[] = [];
  readonly messages: Uint8Array[] = [];
  readonly stream: BytesServerStream;
  paused = false;
  cancelled: StatusObject | undefined;
  halfClosed = false;
  #wakers: (() => void)[] = [];
  constructor(stream: BytesServerStream) {
    this.stream = stream;
  }
  onReadable(): void {
    this.events.push("messages");
    if (!this.paused) this.take();
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
    this.stream.handlerDone();
    this.wake();
  }
  /** Takes what waits; a fault in it ends the call. */
  take(): void {
    const error = takeAll(this.stream.received, this.messages);
    if (error === undefined) return;
    this.cancelled = error;
    this.finish(error);
  }
  finish(result: StatusObject): void {
    this.stream.finish(result);
    this.stream.handlerDone();
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

export type Accept = (stream: BytesServerStream) => ServerListener;

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
  let blocked = false;
  let ended = false;
  let over = false;
  const end = (result: StatusObject) => {
    over = true;
    stream.finish(result);
    stream.handlerDone();
  };
  const pump = () => {
    if (over) return;
    try {
      while (!blocked && stream.received.waiting > 0) blocked = !stream.write(stream.received.next());
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      end(error);
      return;
    }
    if (ended && stream.received.waiting === 0) end(ok());
  };
  return {
    onReadable: pump,
    onHalfClose() {
      ended = true;
      pump();
    },
    onDrain() {
      blocked = false;
      pump();
    },
    onCancel() {
      over = true;
      stream.received.drop();
      stream.handlerDone();
    },
  };
};

export function text(value: string): Uint8Array {
  return Buffer.from(value);
}

import { monotonicMs } from "../../core/clock.js";
import { ignore } from "../../core/deferred.js";
import { RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import { soon } from "../../core/turn.js";
import { statusAtDeadline, statusOfBrokenAnswer } from "../../wire/deadline-code.js";
import { type DeadlineBucket, type DeadlineEntry, deadlines } from "../../wire/deadline-queue.js";
import { type Consumer, Deframer } from "../../wire/deframer.js";
import { FrameBuffer } from "../../wire/frame-buffer.js";
import type { ClientListener, ClientStream, StartOptions } from "../transport.js";
import type { HttpRequest } from "./call-protocol.js";
import type { ResolvedFetchOptions } from "./channel-options.js";
import type { EnvelopeReceiver } from "./enveloped-body.js";
import { fetchFailure } from "./fetch-failure.js";
import type { FetchMethod } from "./fetch-method.js";
import { fetchInit, requestFault } from "./fetch-request.js";
import { type BodyHead, bodyOf, headOf, responseFault } from "./fetch-response.js";
import { ReadGate } from "./read-gate.js";
import { UploadBody } from "./upload-body.js";

/** The channel, as its calls see it. */
export interface FetchHost {
  /** `host:port` of the server. */
  readonly address: string;
  /** The server answered. */
  noteAnswer(): void;
  /** There was no answer. */
  noteFailure(): void;
  /** A call has its status. */
  callOver(call: ClosableCall, code: status): void;
}

/** A call as its channel holds it. */
export interface ClosableCall {
  cancel(code: status, details: string): void;
}

/** Where a message is framed; it is copied out at once. */
const framed = new FrameBuffer();

/** One call as one request and one response of fetch. With one request message it starts when that is written. */
export class FetchCall<InInit, Out> implements ClientStream<InInit, Out>, Consumer, DeadlineEntry, EnvelopeReceiver {
  readonly received: Deframer<Out>;
  readonly deadline: number;
  deadlineBucket: DeadlineBucket | undefined = undefined;
  laterDeadline: DeadlineEntry | undefined = undefined;
  earlierDeadline: DeadlineEntry | undefined = undefined;
  readonly #method: FetchMethod<InInit, Out>;
  readonly #settings: ResolvedFetchOptions;
  readonly #options: StartOptions;
  readonly #listener: ClientListener;
  readonly #host: FetchHost;
  readonly #abort = new AbortController();
  readonly #gate: ReadGate;
  readonly #startedAt: number = monotonicMs();
  #upload: UploadBody | undefined;
  #asked = false;
  #answered = false;
  /** The response was read to its end. */
  #complete = false;
  #over = false;

  constructor(
    method: FetchMethod<InInit, Out>,
    settings: ResolvedFetchOptions,
    options: StartOptions,
    listener: ClientListener,
    host: FetchHost,
  ) {
    this.#method = method;
    this.#settings = settings;
    this.#options = options;
    this.#listener = listener;
    this.#host = host;
    this.deadline = options.deadline;
    this.#gate = new ReadGate(settings.streamWindowBytes);
    this.received = new Deframer(method.decoder, this);
    if (this.deadline !== Number.POSITIVE_INFINITY) deadlines.add(this);
  }

  get peer(): string {
    return this.#answered ? this.#host.address : "unknown";
  }

  /** Starts the request, where it need not wait for its message. */
  begin(): void {
    if (this.#method.method.kind !== "client_streaming") return;
    const upload = new UploadBody(this.#options.highWaterMark, this.#options.compression, () => {
      if (!this.#over) this.#listener.onDrain();
    });
    this.#upload = upload;
    this.#asked = true;
    this.#run(() => this.#method.protocol.streaming(upload.stream, this.#options)).catch(ignore);
  }

  write(message: InInit): boolean {
    // Its status is on its way: a loop of sends must wait for it, or it would keep it from coming.
    if (this.#over) return false;
    const frame = this.#frame(message);
    if (this.#upload !== undefined) return this.#upload.add(frame);
    if (this.#asked) return true;
    this.#asked = true;
    this.#run(() => this.#method.protocol.single(frame, this.#options)).catch(ignore);
    return true;
  }

  closeSend(): void {
    this.#upload?.end();
  }

  cancel(code: status, details: string): void {
    if (this.#over) return;
    this.#settle(code);
    soon(() => this.#listener.onStatus(statusObject(code, details)));
  }

  /** @internal */
  onDeadline(): void {
    const waitedFor = this.#answered ? `more of the response of ${this.peer}` : `the response of ${this.#host.address}`;
    const ms = Math.round(this.deadline - this.#startedAt);
    this.#end(statusObject(status.DEADLINE_EXCEEDED, `deadline exceeded after ${ms} ms, waiting for ${waitedFor}`));
  }

  /** @internal */
  onConsumed(bytes: number): void {
    this.#gate.consumed(bytes);
  }

  /** @internal */
  get maxReceiveMessageBytes(): number {
    return this.#settings.maxReceiveMessageBytes;
  }

  /** @internal */
  get maxMetadataBytes(): number {
    return this.#settings.maxMetadataBytes;
  }

  /** @internal */
  get truncated(): boolean {
    return this.received.truncated;
  }

  /** @internal */
  onEnvelopes(bytes: Uint8Array, start: number, end: number): void {
    if (this.#over) return;
    this.#gate.add(end - start);
    if (this.received.push(bytes, start, end)) this.#listener.onReadable();
    this.received.hold();
  }

  #frame(message: InInit): Uint8Array {
    this.#method.framer.frame(message, framed);
    // Not by `slice`, which copies nothing of a Buffer.
    const frame = new Uint8Array(framed.bytes.subarray(0, framed.position));
    framed.clear();
    return frame;
  }

  /** From the request to the status. Never rejects. */
  async #run(makeRequest: () => HttpRequest | Promise<HttpRequest>): Promise<void> {
    let response: Response;
    try {
      const request = await makeRequest();
      if (this.#over) return;
      const fault = requestFault(request, this.maxMetadataBytes);
      if (fault !== undefined) return this.#end(fault);
      const { fetch } = this.#settings; // called as a function: a method of the settings would be refused
      response = await fetch(request.url, fetchInit(request, this.#abort.signal));
    } catch (error) {
      return this.#fetchFailed(error);
    }
    this.#host.noteAnswer();
    try {
      await this.#read(response);
    } catch (error) {
      if (error instanceof RpcError) return this.#end(error);
      this.#breakOff(`the response broke off: ${fetchFailure(error)}`);
    }
  }

  #fetchFailed(error: unknown): void {
    if (this.#over) return;
    this.#host.noteFailure();
    // A message that cannot be compressed, for one.
    if (error instanceof RpcError) {
      this.#end(error);
      return;
    }
    const streamed =
      this.#upload === undefined
        ? ""
        : " (browsers stream requests over HTTP/2 and HTTP/3 alone; webSocketChannel carries them everywhere)";
    this.#breakOff(`no response of ${this.#host.address}: ${fetchFailure(error)}${streamed}`);
  }

  #breakOff(details: string): void {
    this.#end(statusOfBrokenAnswer(statusObject(status.UNAVAILABLE, details), this.deadline));
  }

  async #read(response: Response): Promise<void> {
    if (this.#over) return;
    this.#answered = true;
    const http = headOf(response);
    const fault = responseFault(response, http, this.maxMetadataBytes);
    if (fault !== undefined) return this.#end(fault);
    const head = this.#method.protocol.head(http);
    if (head.kind === "over") return this.#end(statusAtDeadline(head.status, this.deadline));
    if (head.kind === "enveloped" && head.encoding !== "identity") this.received.encoding = head.encoding;
    await this.#readBody(response.body, head);
  }

  async #readBody(stream: ReadableStream<Uint8Array> | null, head: BodyHead): Promise<void> {
    // Only the body tells whether the headers are headers, or trailers of a response without messages.
    const onlyTrailers = head.kind === "enveloped" ? head.statusOfEmpty : undefined;
    let told = onlyTrailers === undefined;
    if (told) this.#listener.onHeader(head.header);
    const body = bodyOf(head, this);
    if (stream !== null) {
      const reader = stream.getReader();
      for (;;) {
        const room = this.#gate.room();
        if (room !== undefined) await room;
        if (this.#over) return;
        const { done, value } = await reader.read();
        if (this.#over) return;
        if (done) break;
        if (!told && value.length > 0) {
          told = true;
          this.#listener.onHeader(head.header);
        }
        const taken = body.push(value);
        if (taken !== undefined) await taken;
      }
    }
    this.#complete = true;
    const result = told ? body.end() : onlyTrailers!; // one of the two
    if (!this.#over) this.#end(statusAtDeadline(result, this.deadline));
  }

  #end(result: StatusObject): void {
    if (this.#over) return;
    this.#settle(result.code);
    this.#listener.onStatus(result);
  }

  #settle(code: status): void {
    this.#over = true;
    deadlines.remove(this);
    this.#gate.open();
    if (!this.#complete || this.#upload?.complete === false) this.#abort.abort();
    this.#upload?.stop();
    this.#host.callOver(this, code);
  }
}

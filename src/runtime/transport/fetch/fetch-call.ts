import { monotonicMs } from "../../core/clock.js";
import { ignore } from "../../core/deferred.js";
import { RpcError, type StatusObject, statusObject } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import { soon } from "../../core/turn.js";
import { codeAtDeadline, codeOfBrokenAnswer } from "../../wire/deadline-code.js";
import { type DeadlineBucket, type DeadlineEntry, deadlines } from "../../wire/deadline-queue.js";
import { type Consumer, Deframer } from "../../wire/deframer.js";
import { FrameBuffer } from "../../wire/frame-buffer.js";
import { PREFIX_BYTES, putPrefix } from "../../wire/message-prefix.js";
import { headersSize } from "../../wire/metadata-headers.js";
import type { ClientListener, ClientStream, StartOptions } from "../transport.js";
import type { HttpRequest } from "./call-protocol.js";
import type { ResolvedFetchOptions } from "./channel-options.js";
import { EnvelopedBody, type EnvelopeReceiver } from "./enveloped-body.js";
import { fetchFailure } from "./fetch-failure.js";
import type { FetchMethod } from "./fetch-method.js";
import { refusedHeader } from "./forbidden-headers.js";
import { ReadGate } from "./read-gate.js";
import type { ResponseBody } from "./response-body.js";
import type { ResponseHead } from "./response-head.js";
import { UploadBody } from "./upload-body.js";
import { WholeBody } from "./whole-body.js";

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

/** What is said of a response whose body is to be read. */
type BodyHead = Exclude<ResponseHead, { kind: "over" }>;

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
    this.received = new Deframer(method.method.response, method.decoding, this);
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
    soon(() => this.#listener.onStatus(statusObject(code, details)), undefined);
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
      const refusal = this.#refusal(request);
      if (refusal !== undefined) return this.#end(refusal);
      response = await this.#fetch(request);
    } catch (error) {
      return this.#fetchFailed(error);
    }
    this.#host.noteAnswer();
    try {
      await this.#read(response);
    } catch (error) {
      if (error instanceof RpcError) return this.#end(error);
      const details = `the response broke off: ${fetchFailure(error)}`;
      this.#end(statusObject(codeOfBrokenAnswer(status.UNAVAILABLE, this.deadline), details));
    }
  }

  #refusal({ headers }: HttpRequest): StatusObject | undefined {
    const size = headersSize(headers);
    const limit = this.#settings.maxMetadataBytes;
    if (size > limit) {
      const details = `the request's headers have ${size} bytes; the limit is ${limit} bytes (maxMetadataBytes)`;
      return statusObject(status.RESOURCE_EXHAUSTED, details);
    }
    const refused = refusedHeader(headers);
    if (refused === undefined) return undefined;
    return statusObject(status.INTERNAL, `this platform's fetch does not send a header "${refused}"`);
  }

  #fetch({ method, url, headers, body }: HttpRequest): Promise<Response> {
    const pairs: [string, string][] = [];
    for (let at = 0; at + 1 < headers.length; at += 2) pairs.push([headers[at]!, headers[at + 1]!]);
    const init: RequestInit = { method, headers: pairs, signal: this.#abort.signal, redirect: "manual" };
    if (body !== undefined) init.body = body as NonNullable<RequestInit["body"]>; // bytes of our own are never in shared memory
    if (body instanceof ReadableStream) init.duplex = "half";
    const { fetch } = this.#settings;
    return fetch(url, init);
  }

  #fetchFailed(error: unknown): void {
    if (this.#over) return;
    this.#host.noteFailure();
    // A message that cannot be compressed, for one.
    if (error instanceof RpcError) {
      this.#end(error);
      return;
    }
    const streamed = this.#upload === undefined ? "" : " (browsers stream requests over HTTP/2 and HTTP/3 alone)";
    const details = `no response of ${this.#host.address}: ${fetchFailure(error)}${streamed}`;
    this.#end(statusObject(codeOfBrokenAnswer(status.UNAVAILABLE, this.deadline), details));
  }

  async #read(response: Response): Promise<void> {
    if (this.#over) return;
    this.#answered = true;
    const headers: string[] = [];
    response.headers.forEach((value, name) => void headers.push(name.toLowerCase(), value));
    const size = headersSize(headers);
    if (size > this.maxMetadataBytes) {
      const details = `the server sent ${size} bytes of metadata; the limit is ${this.maxMetadataBytes} bytes (maxMetadataBytes)`;
      return this.#end(statusObject(status.RESOURCE_EXHAUSTED, details));
    }
    if (response.type === "opaqueredirect") {
      return this.#end(statusObject(status.UNKNOWN, "the server redirects, which a call does not follow"));
    }
    const head = this.#method.protocol.head({ httpStatus: response.status, headers });
    if (head.kind === "over") return this.#end(this.#atDeadline(head.status));
    if (head.kind === "enveloped" && head.encoding !== "identity") this.received.encoding = head.encoding;
    await this.#readBody(response.body, head);
  }

  #bodyOf(head: BodyHead): ResponseBody {
    switch (head.kind) {
      case "enveloped":
        return new EnvelopedBody(head, this);
      case "error":
        return new WholeBody(this.maxReceiveMessageBytes, 0, head.statusOfBody);
      case "message":
        return new WholeBody(this.maxReceiveMessageBytes, PREFIX_BYTES, (bytes) => {
          putPrefix(bytes, 0, 0, bytes.length - PREFIX_BYTES);
          this.onEnvelopes(bytes, 0, bytes.length);
          return { code: status.OK, details: "", metadata: head.trailer };
        });
    }
  }

  async #readBody(stream: ReadableStream<Uint8Array> | null, head: BodyHead): Promise<void> {
    // Only the body tells whether the headers are headers, or trailers of a response without messages.
    const onlyTrailers = head.kind === "enveloped" ? head.statusOfEmpty : undefined;
    let told = onlyTrailers === undefined;
    if (told) this.#listener.onHeader(head.header);
    const body = this.#bodyOf(head);
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
    if (!this.#over) this.#end(this.#atDeadline(result));
  }

  /** A server's timer may be a moment before ours. */
  #atDeadline(result: StatusObject): StatusObject {
    const code = codeAtDeadline(result.code, this.deadline);
    return code === result.code ? result : { ...result, code };
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

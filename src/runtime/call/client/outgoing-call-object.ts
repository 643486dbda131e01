import type { CallContext } from "../../core/context.js";
import type { Metadata } from "../../core/metadata.js";
import type { AnyMethod } from "../../core/method.js";
import type { CallConnection, Compression } from "../../transport/transport.js";
import type { OutgoingCall } from "./interceptor.js";

/** What interceptors hold of a call: the documented members, and nothing else. */
export class OutgoingCallObject implements OutgoingCall {
  readonly #call: OutgoingCall;

  constructor(call: OutgoingCall) {
    this.#call = call;
  }

  get method(): AnyMethod {
    return this.#call.method;
  }

  get metadata(): Metadata {
    return this.#call.metadata;
  }

  get timeoutMs(): number {
    return this.#call.timeoutMs;
  }

  set timeoutMs(ms: number) {
    this.#call.timeoutMs = ms;
  }

  get compression(): Compression {
    return this.#call.compression;
  }

  set compression(compression: Compression) {
    this.#call.compression = compression;
  }

  get context(): CallContext {
    return this.#call.context;
  }

  get signal(): AbortSignal {
    return this.#call.signal;
  }

  get elapsedMs(): number {
    return this.#call.elapsedMs;
  }

  get messages(): OutgoingCall["messages"] {
    return this.#call.messages;
  }

  get peer(): string {
    return this.#call.peer;
  }

  get connection(): CallConnection | undefined {
    return this.#call.connection;
  }

  get compressed(): boolean | undefined {
    return this.#call.compressed;
  }

  get origin(): OutgoingCall["origin"] {
    return this.#call.origin;
  }
}

import type { CallContext } from "../../core/context.js";
import type { Metadata } from "../../core/metadata.js";
import type { AnyMethod } from "../../core/method.js";
import type { CallConnection, Compression } from "../../transport/transport.js";
import type { OutgoingCall } from "./interceptor.js";

type Settings = "metadata" | "context" | "timeoutMs" | "compression";

/** What interceptors hold of a call: the documented members, and nothing else. */
export class OutgoingCallObject implements OutgoingCall {
  readonly #settings: Pick<OutgoingCall, Settings>;
  readonly #call: Omit<OutgoingCall, Settings>;

  constructor(settings: Pick<OutgoingCall, Settings>, call: Omit<OutgoingCall, Settings>) {
    this.#settings = settings;
    this.#call = call;
  }

  get method(): AnyMethod {
    return this.#call.method;
  }

  get metadata(): Metadata {
    return this.#settings.metadata;
  }

  get timeoutMs(): number {
    return this.#settings.timeoutMs;
  }

  set timeoutMs(ms: number) {
    this.#settings.timeoutMs = ms;
  }

  get compression(): Compression {
    return this.#settings.compression;
  }

  set compression(compression: Compression) {
    this.#settings.compression = compression;
  }

  get context(): CallContext {
    return this.#settings.context;
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

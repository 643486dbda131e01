import type { CallContext } from "../../core/context.js";
import type { ForeignMetadata, Metadata } from "../../core/metadata.js";
import type { AnyMethod } from "../../core/method.js";
import type { CallConnection } from "../../transport/transport.js";
import type { ServerCall } from "./types.js";

/** What handlers hold of a call: the documented members, and nothing else. */
export class ServerCallObject implements ServerCall {
  readonly #core: ServerCall;

  constructor(core: ServerCall) {
    this.#core = core;
  }

  get signal(): AbortSignal {
    return this.#core.signal;
  }

  get deadline(): Date | undefined {
    return this.#core.deadline;
  }

  timeoutMs(): number {
    return this.#core.timeoutMs();
  }

  get context(): CallContext {
    return this.#core.context;
  }

  get metadata(): Metadata {
    return this.#core.metadata;
  }

  get peer(): string {
    return this.#core.peer;
  }

  get connection(): CallConnection {
    return this.#core.connection;
  }

  get compressed(): boolean | undefined {
    return this.#core.compressed;
  }

  get method(): AnyMethod {
    return this.#core.method;
  }

  sendHeader(header?: Metadata | ForeignMetadata): void {
    this.#core.sendHeader(header);
  }

  get trailer(): Metadata {
    return this.#core.trailer;
  }
}

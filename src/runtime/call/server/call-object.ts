import type { CallContext } from "../../core/context.js";
import type { ForeignMetadata, Metadata } from "../../core/metadata.js";
import type { AnyMethod } from "../../core/method.js";
import type { CallConnection } from "../../transport/transport.js";
import type { ServerCall } from "./types.js";

/** The base of the objects that handlers get. It has the documented members only. */
export class ServerCallObject implements ServerCall {
  readonly #core: { readonly surface: ServerCall };

  constructor(core: { readonly surface: ServerCall }) {
    this.#core = core;
  }

  get signal(): AbortSignal {
    return this.#core.surface.signal;
  }

  get deadline(): Date | undefined {
    return this.#core.surface.deadline;
  }

  timeoutMs(): number {
    return this.#core.surface.timeoutMs();
  }

  get context(): CallContext {
    return this.#core.surface.context;
  }

  get metadata(): Metadata {
    return this.#core.surface.metadata;
  }

  get peer(): string {
    return this.#core.surface.peer;
  }

  get connection(): CallConnection {
    return this.#core.surface.connection;
  }

  get compressed(): boolean | undefined {
    return this.#core.surface.compressed;
  }

  get method(): AnyMethod {
    return this.#core.surface.method;
  }

  sendHeader(header?: Metadata | ForeignMetadata): void {
    this.#core.surface.sendHeader(header);
  }

  get trailer(): Metadata {
    return this.#core.surface.trailer;
  }
}

import type { Metadata } from "../../core/metadata.js";
import type { StatusObject } from "../../core/rpc-error.js";
import type { CallConnection } from "../../transport/transport.js";
import type { ClientCall } from "./types.js";

const DISPOSED = Promise.resolve();

/** The base of the objects that users get for streaming calls. It has the documented members only. */
export class ClientCallObject implements ClientCall {
  readonly #core: Omit<ClientCall, typeof Symbol.asyncDispose>;

  constructor(core: Omit<ClientCall, typeof Symbol.asyncDispose>) {
    this.#core = core;
  }

  get header(): Promise<Metadata> {
    return this.#core.header;
  }

  get trailer(): Promise<Metadata> {
    return this.#core.trailer;
  }

  get status(): Promise<StatusObject> {
    return this.#core.status;
  }

  get peer(): string {
    return this.#core.peer;
  }

  get connection(): CallConnection | undefined {
    return this.#core.connection;
  }

  get compressed(): boolean | undefined {
    return this.#core.compressed;
  }

  cancel(reason?: unknown): void {
    this.#core.cancel(reason);
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#core.cancel();
    return DISPOSED;
  }
}

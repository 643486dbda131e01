import { Deferred, rejected } from "../../core/deferred.js";
import { Metadata } from "../../core/metadata.js";
import type { StatusObject } from "../../core/rpc-error.js";
import type { ErrorOfCall } from "./call-parts.js";

/** What is known of a call by now. */
export interface Known {
  /** The response headers. */
  readonly header: Metadata | undefined;
  /** How it ended. */
  readonly status: StatusObject | undefined;
  /** Makes its error, where it ended otherwise than with OK. */
  readonly error: ErrorOfCall | undefined;
}

/** The promises of a call: for its headers, its trailers and its status. Each is made when somebody asks for it. */
export class CallPromises {
  readonly #call: { known(): Known };
  #header: Deferred<Metadata> | undefined;
  #trailer: Deferred<Metadata> | undefined;
  #status: Deferred<StatusObject> | undefined;

  constructor(call: { known(): Known }) {
    this.#call = call;
  }

  /** Rejects where the call failed before headers came; empty ones where it ended with OK. */
  get header(): Promise<Metadata> {
    if (this.#header === undefined) {
      const { header, status, error } = this.#call.known();
      if (header !== undefined) return Promise.resolve(header);
      if (error !== undefined) return rejected(error());
      if (status !== undefined) return Promise.resolve(new Metadata());
      this.#header = new Deferred();
    }
    return this.#header.promise;
  }

  get trailer(): Promise<Metadata> {
    const { status } = this.#call.known();
    if (status !== undefined) return Promise.resolve(status.metadata);
    this.#trailer ??= new Deferred();
    return this.#trailer.promise;
  }

  get status(): Promise<StatusObject> {
    const { status } = this.#call.known();
    if (status !== undefined) return Promise.resolve(status);
    this.#status ??= new Deferred();
    return this.#status.promise;
  }

  /** Headers came. */
  headerCame(header: Metadata): void {
    this.#header?.resolve(header);
  }

  /** The call is over: no headers will come. */
  noHeader(error: ErrorOfCall | undefined): void {
    if (error === undefined) this.#header?.resolve(new Metadata());
    else this.#header?.reject(error());
  }

  ended(status: StatusObject): void {
    this.#trailer?.resolve(status.metadata);
    this.#status?.resolve(status);
  }
}

import { monotonicMs } from "../../core/clock.js";
import { CallContext } from "../../core/context.js";
import type { Metadata } from "../../core/metadata.js";
import type { Compression, StartOptions } from "../../transport/transport.js";
import type { OutgoingCall } from "./interceptor.js";

/** What interceptors may change of a call until it starts. */
export class OutgoingSettings implements Pick<OutgoingCall, "metadata" | "context" | "timeoutMs" | "compression"> {
  readonly metadata: Metadata;
  readonly context: CallContext;
  readonly #given: StartOptions;
  /** Who watches the deadline, and has to know where it is. */
  readonly #watch: { deadline: number };
  #compression: Compression;
  #started = false;

  constructor(given: StartOptions, watch: { deadline: number }) {
    this.#given = given;
    this.#watch = watch;
    this.metadata = given.metadata;
    this.context = given.context ?? new CallContext();
    this.#compression = given.compression;
  }

  get timeoutMs(): number {
    return Math.max(0, this.#watch.deadline - monotonicMs());
  }

  set timeoutMs(ms: number) {
    this.#refuseOnceStarted("timeoutMs");
    if (typeof ms !== "number" || Number.isNaN(ms)) throw new TypeError("timeoutMs is not a number");
    this.#watch.deadline = monotonicMs() + ms;
  }

  get compression(): Compression {
    return this.#compression;
  }

  set compression(compression: Compression) {
    this.#refuseOnceStarted("compression");
    this.#compression = compression;
  }

  /** The call starts with them as they are now; from here on they stay. */
  start(): StartOptions {
    this.#started = true;
    const { compression, context } = this;
    // A copy: retries send it again later, and changes that were made meanwhile must not be sent.
    const metadata = this.metadata.clone();
    return { ...this.#given, metadata, deadline: this.#watch.deadline, compression, context };
  }

  #refuseOnceStarted(name: string): void {
    if (this.#started) throw new TypeError(`${name} can be set before next() only`);
  }
}

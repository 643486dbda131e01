import type { CalledMethod } from "../../../core/method.js";
import { MessageDecoder } from "../../../wire/message-decoder.js";
import { MessageFramer } from "../../../wire/message-framer.js";
import type { Compression } from "../../transport.js";
import type { ResolvedLimits } from "../limits.js";
import { type Origin, RequestHeaders } from "./request-headers.js";

/** What all calls of one method on one channel share. */
export class ClientMethod<InInit, Out> {
  readonly method: CalledMethod<InInit, Out>;
  readonly headers: RequestHeaders;
  readonly decoder: MessageDecoder<Out>;
  readonly #limits: ResolvedLimits;
  readonly #identity: MessageFramer<InInit>;

  constructor(method: CalledMethod<InInit, Out>, origin: Origin, limits: ResolvedLimits) {
    this.method = method;
    this.headers = new RequestHeaders(method.path, origin);
    this.decoder = new MessageDecoder(method.response, limits);
    this.#limits = limits;
    this.#identity = this.#framer("identity");
  }

  framer(compression: Compression): MessageFramer<InInit> {
    return compression === "identity" ? this.#identity : this.#framer(compression);
  }

  #framer(compression: Compression): MessageFramer<InInit> {
    const { maxSendMessageBytes, compressor } = this.#limits;
    return new MessageFramer(this.method.request, { maxSendMessageBytes, compression, compressor });
  }
}

/** The methods that were called on one channel; unused ones are garbage-collected. */
export class ClientMethods {
  readonly #origin: Origin;
  readonly #limits: ResolvedLimits;
  readonly #known = new WeakMap<object, ClientMethod<never, unknown>>();
  #last: ClientMethod<never, unknown> | undefined;

  constructor(origin: Origin, limits: ResolvedLimits) {
    this.#origin = origin;
    this.#limits = limits;
  }

  of<InInit, Out>(method: CalledMethod<InInit, Out>): ClientMethod<InInit, Out> {
    if (this.#last?.method === (method as object)) return this.#last as ClientMethod<InInit, Out>; // by its own method
    let known = this.#known.get(method) as ClientMethod<InInit, Out> | undefined; // as above
    if (known === undefined) {
      known = new ClientMethod(method, this.#origin, this.#limits);
      this.#known.set(method, known as ClientMethod<never, unknown>); // its types come back with its method
    }
    this.#last = known as ClientMethod<never, unknown>;
    return known;
  }
}

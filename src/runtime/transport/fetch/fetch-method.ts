import type { CalledMethod } from "../../core/method.js";
import type { Compressor } from "../../wire/compression.js";
import { MessageDecoder } from "../../wire/message-decoder.js";
import { MessageFramer } from "../../wire/message-framer.js";
import type { CallProtocol } from "./call-protocol.js";
import type { ResolvedFetchOptions } from "./channel-options.js";
import { ConnectStreaming } from "./connect-streaming.js";
import { ConnectUnary } from "./connect-unary.js";
import { GrpcWeb } from "./grpc-web.js";

/** NO_SIDE_EFFECTS of `google.protobuf.MethodOptions.IdempotencyLevel`. */
const NO_SIDE_EFFECTS = 1;

/** Messages come here inflated: the platform inflates in its own time, and a message is read at once. */
const INFLATED: Compressor = { compress: (bytes) => bytes, decompress: (bytes) => bytes };

/** What all calls of one method on one channel share. */
export class FetchMethod<InInit, Out> {
  readonly method: CalledMethod<InInit, Out>;
  readonly protocol: CallProtocol;
  readonly framer: MessageFramer<InInit>;
  readonly decoder: MessageDecoder<Out>;

  constructor(given: CalledMethod<InInit, Out>, url: string, options: ResolvedFetchOptions) {
    const { format, maxReceiveMessageBytes, maxSendMessageBytes } = options;
    this.method = format.of(given);
    this.protocol = protocolOf(given, `${url}${given.path}`, options);
    this.framer = new MessageFramer(this.method.request, {
      maxSendMessageBytes,
      compression: "identity",
      compressor: INFLATED,
    });
    this.decoder = new MessageDecoder(this.method.response, { maxReceiveMessageBytes, compressor: INFLATED });
  }
}

function protocolOf(
  { kind, descriptor }: CalledMethod<never, unknown>,
  url: string,
  { protocol, format, useHttpGet }: ResolvedFetchOptions,
): CallProtocol {
  if (protocol === "grpc-web") return new GrpcWeb(url, format);
  if (kind !== "unary") return new ConnectStreaming(url, format);
  return new ConnectUnary(url, format, useHttpGet && descriptor?.idempotency === NO_SIDE_EFFECTS);
}

/** The methods that were called on one channel; unused ones are garbage-collected. */
export class FetchMethods {
  readonly #url: string;
  readonly #options: ResolvedFetchOptions;
  readonly #known = new WeakMap<object, FetchMethod<never, unknown>>();

  constructor(url: string, options: ResolvedFetchOptions) {
    this.#url = url;
    this.#options = options;
  }

  of<InInit, Out>(method: CalledMethod<InInit, Out>): FetchMethod<InInit, Out> {
    let known = this.#known.get(method) as FetchMethod<InInit, Out> | undefined; // what is under a method has its types
    if (known === undefined) {
      known = new FetchMethod(method, this.#url, this.#options);
      this.#known.set(method, known as FetchMethod<never, unknown>); // its types come back with its method
    }
    return known;
  }
}

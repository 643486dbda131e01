import type { Codec } from "./codec.js";
import type { MethodDescriptor } from "./descriptor.js";

/** Which side of a call streams. */
export type MethodKind = "unary" | "server_streaming" | "client_streaming" | "bidi_streaming";

/** The `idempotency_level` of a method. */
export type Idempotency = "no_side_effects" | "idempotent";

/**
 * One rpc as calls and transports see it.
 *
 * `In`/`InInit` are the request as received and as sent, `Out`/`OutInit` the response.
 */
export interface Method<
  Kind extends MethodKind = MethodKind,
  In = unknown,
  InInit = unknown,
  Out = unknown,
  OutInit = unknown,
> {
  /** Which of the four kinds of call it is. */
  readonly kind: Kind;
  /** The HTTP/2 path, `/package.Service/Method`. */
  readonly path: string;
  /** Encodes and decodes requests. */
  readonly request: Codec<In, InInit>;
  /** Encodes and decodes responses. */
  readonly response: Codec<Out, OutInit>;
  /** protobuf-es's descriptor of the rpc; undefined for messages of ts-proto. */
  readonly descriptor?: MethodDescriptor | undefined;
  /** `idempotency_level` of the .proto, where there is no descriptor to say it; undefined for IDEMPOTENCY_UNKNOWN. */
  readonly idempotency?: Idempotency | undefined;
}

/** A method of any message types: every {@link Method} is assignable to it, because of the `never`s. */
export type AnyMethod = Method<MethodKind, unknown, never, unknown, never>;

/** A method as the calling side needs it. */
export type CalledMethod<InInit, Out> = Method<MethodKind, unknown, InInit, Out, never>;

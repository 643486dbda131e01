import type { Codec } from "./codec.js";
import type { MethodDescriptor } from "./descriptor.js";

/** Which side of a call streams. */
export type MethodKind = "unary" | "server_streaming" | "client_streaming" | "bidi_streaming";

/** What the .proto promises of a method that is called twice. */
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
  readonly kind: Kind;
  /** The HTTP/2 path, `/package.Service/Method`. */
  readonly path: string;
  readonly request: Codec<In, InInit>;
  readonly response: Codec<Out, OutInit>;
  /** protobuf-es's descriptor of the rpc; undefined for messages of ts-proto. */
  readonly descriptor?: MethodDescriptor | undefined;
  /** `idempotency_level` of the .proto, where there is no descriptor to say it; undefined for IDEMPOTENCY_UNKNOWN. */
  readonly idempotency?: Idempotency | undefined;
}

/** A method whose message types do not matter to the holder. The `never`s make every {@link Method} assignable to it. */
export type AnyMethod = Method<MethodKind, unknown, never, unknown, never>;

/** A method as the calling side needs it. */
export type CalledMethod<InInit, Out> = Method<MethodKind, unknown, InInit, Out, never>;

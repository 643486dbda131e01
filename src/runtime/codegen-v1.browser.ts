/** What `gen-stubs-runtime/codegen-v1` exports, and all of it that pages load. */
import type { Codec } from "./core/codec.js";
import type { ServiceDescriptor } from "./core/descriptor.js";
import type { AnyMethod, Idempotency, Method } from "./core/method.js";
import { RpcError } from "./core/rpc-error.js";
import type { Service } from "./core/service.js";
import * as Code from "./core/status-code.js";

export type { CallOptions } from "./call/client/call-options.js";
export { callBidiStreaming, callClientStreaming, callServerStreaming, callUnary } from "./call/client/calls.js";
export type { ClientDuplex, ClientReader, ClientWriter } from "./call/client/types.js";
export type {
  ManyResponses,
  OneResponse,
  ServerCall,
  ServerDuplex,
  ServerReader,
  ServerWriter,
} from "./call/server/types.js";
export type { Codec } from "./core/codec.js";
export type { ServiceDescriptor } from "./core/descriptor.js";
export type { AnyMethod, Method } from "./core/method.js";
export type { Service } from "./core/service.js";
export type { Channel } from "./transport/transport.js";

/** A method with one request and one response. */
export function unary<In, InInit, Out, OutInit>(
  path: string,
  request: Codec<In, InInit>,
  response: Codec<Out, OutInit>,
  idempotency?: Idempotency,
): Method<"unary", In, InInit, Out, OutInit> {
  return marked({ kind: "unary", path, request, response }, idempotency);
}

/** A method with one request and a stream of responses. */
export function serverStreaming<In, InInit, Out, OutInit>(
  path: string,
  request: Codec<In, InInit>,
  response: Codec<Out, OutInit>,
  idempotency?: Idempotency,
): Method<"server_streaming", In, InInit, Out, OutInit> {
  return marked({ kind: "server_streaming", path, request, response }, idempotency);
}

/** A method with a stream of requests and one response. */
export function clientStreaming<In, InInit, Out, OutInit>(
  path: string,
  request: Codec<In, InInit>,
  response: Codec<Out, OutInit>,
  idempotency?: Idempotency,
): Method<"client_streaming", In, InInit, Out, OutInit> {
  return marked({ kind: "client_streaming", path, request, response }, idempotency);
}

/** A method with a stream each way. */
export function bidiStreaming<In, InInit, Out, OutInit>(
  path: string,
  request: Codec<In, InInit>,
  response: Codec<Out, OutInit>,
  idempotency?: Idempotency,
): Method<"bidi_streaming", In, InInit, Out, OutInit> {
  return marked({ kind: "bidi_streaming", path, request, response }, idempotency);
}

/** Without one a method has no such member: all have the same shape, but for the few that are marked. */
function marked<Marked extends AnyMethod>(method: Marked, idempotency: Idempotency | undefined): Marked {
  return idempotency === undefined ? method : { ...method, idempotency };
}

/** Gives each method its descriptor: that of the rpc which its path ends in. */
export function described<Methods extends Readonly<Record<string, AnyMethod>>>(
  descriptor: ServiceDescriptor,
  methods: Methods,
): Methods {
  const rpcs = new Map(descriptor.methods.map((rpc) => [rpc.name, rpc]));
  const entries = Object.entries<AnyMethod>(methods).map(([name, method]) => {
    return [name, { ...method, descriptor: rpcs.get(method.path.slice(method.path.lastIndexOf("/") + 1)) }];
  });
  // The same keys, and methods of the same types.
  return Object.fromEntries(entries) as Methods;
}

/** A service: its full name, its methods by handler name, and its descriptor where the messages bring it. */
export function service<Handlers>(
  typeName: string,
  methods: Readonly<Record<keyof Handlers & string, AnyMethod>>,
  descriptor?: ServiceDescriptor,
): Service<Handlers> {
  return { typeName, methods: new Map(Object.entries<AnyMethod>(methods)), descriptor };
}

/** Answers UNIMPLEMENTED; what the methods of `Unimplemented…` classes do. */
export function unimplemented(path: string): never {
  throw new RpcError(Code.UNIMPLEMENTED, `${path} is not implemented`);
}

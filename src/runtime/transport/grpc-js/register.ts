import type {
  Server as GrpcServer,
  MethodDefinition,
  ServerDuplexStream,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
  sendUnaryData,
  UntypedHandleCall,
} from "@grpc/grpc-js";
import type { MethodServer, MethodServers } from "../transport.js";
import { asIs } from "./buffer-sink.js";
import { GrpcJsServerStream } from "./server-stream.js";

/** Gives the methods to a grpc-js server, beside whatever it serves already. */
export function register(server: GrpcServer, methods: MethodServers): void {
  const definitions: Record<string, MethodDefinition<unknown, unknown>> = {};
  const handlers: Record<string, UntypedHandleCall> = {};
  for (const [path, methodServer] of methods) {
    const served = new ServedMethod(methodServer);
    definitions[path] = served.definition;
    handlers[path] = served.handler();
  }
  server.addService(definitions, handlers);
}

/** One method in grpc-js's terms. */
class ServedMethod {
  readonly #server: MethodServer;

  constructor(server: MethodServer) {
    this.#server = server;
  }

  get definition(): MethodDefinition<unknown, unknown> {
    const { method } = this.#server;
    return {
      path: method.path,
      requestStream: method.kind === "client_streaming" || method.kind === "bidi_streaming",
      responseStream: method.kind === "server_streaming" || method.kind === "bidi_streaming",
      requestSerialize: encoded,
      requestDeserialize: asIs,
      responseSerialize: encoded,
      responseDeserialize: asIs,
    };
  }

  handler(): UntypedHandleCall {
    const server = this.#server;
    const { method } = server;
    switch (method.kind) {
      case "unary":
        return (call: ServerUnaryCall<Buffer, Buffer>, respond: sendUnaryData<Buffer>) => {
          const stream = new GrpcJsServerStream(call, method).respondWith(respond);
          stream.serveRequest(call.request, server.accept(stream));
        };
      case "server_streaming":
        return (call: ServerWritableStream<Buffer, Buffer>) => {
          const stream = new GrpcJsServerStream(call, method).writeTo(call);
          stream.serveRequest(call.request, server.accept(stream));
        };
      case "client_streaming":
        return (call: ServerReadableStream<Buffer, Buffer>, respond: sendUnaryData<Buffer>) => {
          const stream = new GrpcJsServerStream(call, method).respondWith(respond);
          stream.serveRequests(call, server.accept(stream));
        };
      case "bidi_streaming":
        return (call: ServerDuplexStream<Buffer, Buffer>) => {
          const stream = new GrpcJsServerStream(call, method).writeTo(call);
          stream.serveRequests(call, server.accept(stream));
        };
    }
  }
}

/** grpc-js's serializer: what the streams hand over is bytes already. */
function encoded(bytes: unknown): Buffer {
  return bytes as Buffer; // GrpcJsServerStream writes nothing else
}

import { Server, ServerGrpc } from "@nestjs/microservices";

/**
 * Nest's `Server`, which Nest takes for its own gRPC server. Nest asks `instanceof ServerGrpc` to tell whether handlers get
 * `(data, metadata, call)` or the data alone (`ListenersController.registerPatternHandlers`). The constructor of `ServerGrpc` is
 * not run: it loads grpc-js and proto-loader, which nothing here needs.
 */
export const GrpcServerBase: abstract new () => Server = base();

function base(): abstract new () => Server {
  function GrpcServer(this: unknown): object {
    // The fields of `Server`, with the prototype of whoever was made by `new`.
    return Reflect.construct(Server, [], new.target ?? GrpcServer);
  }
  GrpcServer.prototype = Object.create(ServerGrpc.prototype, {
    constructor: { value: GrpcServer, configurable: true, writable: true },
  });
  return GrpcServer as unknown as abstract new () => Server; // a function that makes what the type says
}

import { Server, ServerCredentials, type ServiceDefinition, type UntypedServiceImplementation } from "@grpc/grpc-js";

/** Serves with grpc-js; returns the port. */
export function serveGrpcJs(service: ServiceDefinition, handlers: UntypedServiceImplementation): Promise<number> {
  const server = new Server();
  server.addService(service, handlers);
  return bind(server);
}

export function bind(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

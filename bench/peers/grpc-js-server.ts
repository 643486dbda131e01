import { readFileSync } from "node:fs";
import {
  type ChannelCredentials,
  credentials,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import type { TlsFiles } from "../peer.js";

/** Serves with grpc-js; returns the port. */
export function serveGrpcJs(
  service: ServiceDefinition,
  handlers: UntypedServiceImplementation,
  tls?: TlsFiles,
): Promise<number> {
  const server = new Server();
  server.addService(service, handlers);
  return bind(server, tls);
}

export function bind(server: Server, tls?: TlsFiles): Promise<number> {
  const secure =
    tls === undefined
      ? ServerCredentials.createInsecure()
      : ServerCredentials.createSsl(null, [{ cert_chain: readFileSync(tls.cert), private_key: readFileSync(tls.key) }]);
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", secure, (error, port) => (error ? reject(error) : resolve(port)));
  });
}

export function clientCredentials(tls: TlsFiles | undefined): ChannelCredentials {
  return tls === undefined ? credentials.createInsecure() : credentials.createSsl(readFileSync(tls.ca));
}

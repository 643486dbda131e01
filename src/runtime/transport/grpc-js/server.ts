import type { TlsOptions } from "node:tls";
import { Server as GrpcServer, ServerCredentials, type ServerOptions } from "@grpc/grpc-js";
import type { ListenAddress, ListenOptions, ServerTransport, ServerTransportFactory } from "../server-transport.js";
import type { MethodServers } from "../transport.js";
import { register } from "./register.js";

/** Servers that listen by grpc-js: `new Server({ transport: grpcJsTransport() })`. */
export function grpcJsTransport(options: ServerOptions = {}): ServerTransportFactory {
  return (methods) => new GrpcJsServerTransport(methods, options);
}

class GrpcJsServerTransport implements ServerTransport {
  readonly #server: GrpcServer;

  constructor(methods: MethodServers, options: ServerOptions) {
    this.#server = new GrpcServer(options);
    register(this.#server, methods);
  }

  async listen(address: string, options: ListenOptions): Promise<ListenAddress> {
    const credentials = options.tls === undefined ? ServerCredentials.createInsecure() : tlsCredentials(options.tls);
    const port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync(address, credentials, (error, bound) => (error === null ? resolve(bound) : reject(error)));
    });
    if (address.startsWith("unix:")) return { address, port: 0 };
    return { address: address.replace(/:\d+$/, `:${port}`), port };
  }

  shutdown(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#server.forceShutdown(), graceMs);
      this.#server.tryShutdown(() => {
        clearTimeout(timer);
        this.#server.forceShutdown();
        resolve();
      });
    });
  }
}

/** grpc-js takes one certificate and key in PEM, and may ask clients for theirs. */
function tlsCredentials(tls: TlsOptions): ServerCredentials {
  const { cert, key, ca, requestCert } = tls;
  if (cert === undefined || key === undefined) throw new TypeError("tls needs a cert and a key");
  const pair = { cert_chain: pem(cert, "cert"), private_key: pem(key, "key") };
  return ServerCredentials.createSsl(ca === undefined ? null : pem(ca, "ca"), [pair], requestCert ?? false);
}

function pem(value: unknown, name: string): Buffer {
  if (typeof value === "string") return Buffer.from(value);
  if (Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return Buffer.concat(value.map((part) => pem(part, name)));
  throw new TypeError(`tls.${name} must be PEM text or bytes`);
}

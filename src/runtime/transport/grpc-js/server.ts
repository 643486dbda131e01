import { Server as GrpcServer, ServerCredentials, type ServerOptions } from "@grpc/grpc-js";
import { inCleanContext } from "../../core/async-context.js";
import { startTimer, stopTimer } from "../../core/clock.js";
import type { ListenAddress, ListenOptions, ServerTransport, ServerTransportFactory } from "../server-transport.js";
import type { MethodServers } from "../transport.js";
import { refuseForeign } from "./options.js";
import { register } from "./register.js";
import { serverCredentials } from "./server-credentials.js";

/** Servers that listen by grpc-js: `new Server({ transport: grpcJsTransport() })`. */
export function grpcJsTransport(options: ServerOptions = {}): ServerTransportFactory {
  refuseForeign(options, "grpcJsTransport");
  return (methods) => new GrpcJsServerTransport(methods, options);
}

class GrpcJsServerTransport implements ServerTransport {
  readonly #server: GrpcServer;

  constructor(methods: MethodServers, options: ServerOptions) {
    this.#server = new GrpcServer(options);
    register(this.#server, methods);
  }

  async listen(address: string, options: ListenOptions): Promise<ListenAddress> {
    if (options.reusePort) throw new TypeError("grpcJsTransport takes no reusePort: grpc-js has no such option");
    const credentials = options.tls === undefined ? ServerCredentials.createInsecure() : serverCredentials(options.tls);
    const port = await new Promise<number>((resolve, reject) => {
      // Handlers run in the asynchronous context of `listen`, which belongs to no call (P18).
      inCleanContext(() => {
        this.#server.bindAsync(address, credentials, (error, bound) =>
          error === null ? resolve(bound) : reject(error),
        );
      });
    });
    if (address.startsWith("unix:")) return { address, port: 0 };
    return { address: address.replace(/:\d+$/, `:${port}`), port };
  }

  shutdown(graceMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = startTimer(() => this.#server.forceShutdown(), graceMs);
      this.#server.tryShutdown(() => {
        stopTimer(timer);
        this.#server.forceShutdown();
        resolve();
      });
    });
  }
}

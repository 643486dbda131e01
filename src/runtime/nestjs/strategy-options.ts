import type { TlsOptions } from "node:tls";
import type { Service } from "../core/service.js";
import type { Server, ServerOptions } from "../server.js";
import type { NestGrpcOptions, NestLimits } from "./nest-options.js";

/** What every {@link GrpcStrategy} may be told. */
export interface CommonStrategyOptions extends NestLimits {
  /** Where to listen: `host:port`, `[v6]:port`, `unix:/path`. Default `localhost:5000`, as Nest's own. */
  readonly url?: string | undefined;
  /** Node's own TLS options; `cert` and `key` at least. Without it: plain text. */
  readonly tls?: TlsOptions | undefined;
  /** Of our server: `interceptors`, `onError`, `maxRunningCalls`, `transport`. `onError` is Nest's logger where it is left out. */
  readonly server?: ServerOptions | undefined;
  /** Adds what is no controller, before the server listens: health, reflection, services with handlers of ours. */
  readonly configure?: ((server: Server) => void) | undefined;
  /** Milliseconds that `app.close()` leaves to calls that are open. Default 0: they are cancelled. */
  readonly graceMs?: number | undefined;
  /**
   * How many responses of one call may wait for its client, where an observable emits faster than that takes them; one more ends
   * the call with RESOURCE_EXHAUSTED. Default: no limit, as on Nest's transport.
   */
  readonly maxWaitingResponses?: number | undefined;
}

/** Controllers are served with generated code: its messages, its codecs. */
export interface GeneratedStrategyOptions extends CommonStrategyOptions {
  /** The generated services whose methods the controllers have. */
  readonly services: readonly Service<never>[];
}

/**
 * Controllers are served as on Nest's own transport: `package`, `protoPath`, `loader` and what else `Transport.GRPC` takes, and the
 * messages of `@grpc/proto-loader`, which must be installed with `@grpc/grpc-js`.
 */
export interface LoadedStrategyOptions extends CommonStrategyOptions, NestGrpcOptions {}

/** What a {@link GrpcStrategy} may be told. */
export type GrpcStrategyOptions = GeneratedStrategyOptions | LoadedStrategyOptions;

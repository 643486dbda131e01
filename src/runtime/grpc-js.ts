/**
 * The stubs over `@grpc/grpc-js`: for its name resolution, load balancing, service config, proxies and xDS, and for
 * servers that already stand on it.
 */
import type { ChannelCredentials, Client, ClientOptions, Server as GrpcServer } from "@grpc/grpc-js";
import type { ServerInterceptor } from "./call/server/interceptor.js";
import { methodServers } from "./call/server/method-servers.js";
import type { HandlerErrorListener } from "./call/server/service-rules.js";
import { type OptionNames, refuseUnknown } from "./core/known-options.js";
import type { Service } from "./core/service.js";
import { GrpcJsChannel } from "./transport/grpc-js/channel.js";
import { existing, OwnClients } from "./transport/grpc-js/clients.js";
import { refuseForeign } from "./transport/grpc-js/options.js";
import { register } from "./transport/grpc-js/register.js";
import type { Channel } from "./transport/transport.js";

export { grpcJsTransport } from "./transport/grpc-js/server.js";

/**
 * A channel over an existing grpc-js Client, with its interceptors and its options; a call's `compression` has no effect
 * there. Closing the channel cancels its calls and leaves the client open.
 */
export function grpcJsChannel(client: Client): Channel;
/**
 * A channel over grpc-js. `target` is grpc-js's: `host:port`, `dns:///host:port`, `unix:/path`, `xds:///…`.
 *
 * Three promises of a call grpc-js cannot keep. A reader that falls behind is read ahead for up to 1 MiB or 4096
 * messages, then its sender is stopped; where the call then ends with an error, grpc-js drops what it had not read (at
 * most a flow-control window). Half a message followed by OK is taken for a clean end. Its cancel reaches the server as
 * an end of the stream and then a reset, which servers in other languages may take for a complete upload.
 *
 * `'grpc.per_rpc_retry_buffer_size'` is 64 KiB unless you set it: with grpc-js's own default, 1 MiB of each call counts as
 * sent before the peer took it, and long client streams take time that grows with their square. A call that has sent more
 * is not tried again by a retry policy of the service config, nor where the server refused it.
 */
export function grpcJsChannel(target: string, credentials: ChannelCredentials, options?: ClientOptions): Channel;
export function grpcJsChannel(
  target: string | Client,
  credentials?: ChannelCredentials,
  options: ClientOptions = {},
): Channel {
  if (typeof target !== "string") return new GrpcJsChannel(existing(target));
  if (credentials === undefined)
    throw new TypeError("grpcJsChannel needs credentials: credentials.createInsecure(), for one");
  refuseForeign(options, "grpcJsChannel");
  return new GrpcJsChannel(new OwnClients(target, credentials, options));
}

/** Options of {@link addToGrpcJs}. */
export interface AddToGrpcJsOptions {
  /** Called with errors of handlers that have no status. Default: a process warning. */
  readonly onError?: HandlerErrorListener | undefined;
  /** Around every call of the service; the first is the outermost. */
  readonly interceptors?: readonly ServerInterceptor[] | undefined;
}

const ADD_OPTIONS: OptionNames<AddToGrpcJsOptions> = { onError: true, interceptors: true };

/** Serves a service on a grpc-js Server, beside what it serves already. */
export function addToGrpcJs<Handlers extends object>(
  server: GrpcServer,
  service: Service<Handlers>,
  handlers: NoInfer<Handlers>,
  options: AddToGrpcJsOptions = {},
): void {
  refuseUnknown(options, ADD_OPTIONS, "addToGrpcJs");
  const { onError, interceptors } = options;
  const rules = {
    ...(onError === undefined ? {} : { onError }),
    ...(interceptors === undefined ? {} : { interceptors }),
  };
  register(server, methodServers(service, handlers, rules));
}

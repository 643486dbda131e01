import { type CallCredentials, withCredentials } from "./call/client/credentials.js";
import { withInterceptors } from "./call/client/intercepted-channel.js";
import type { ClientInterceptor } from "./call/client/interceptor.js";
import { asksForBalancing, type BalancingOptions } from "./channel/options.js";
import { isManifold } from "./channel/target.js";
import { needed, optionalCode } from "./optional-code.js";
import { type ServiceConfigOptions, saysWhichServer } from "./service-config-option.js";
import { connectHttp2, type Http2ChannelOptions } from "./transport/grpc-h2/index.js";
import { parseTarget } from "./transport/target.js";
import type { Channel } from "./transport/transport.js";

/** Options of {@link connect}. `tls`: Node's TLS options; optional with `https://`. */
export interface ConnectOptions extends Http2ChannelOptions, BalancingOptions, ServiceConfigOptions {
  /**
   * Credentials, added to the metadata of every call, inside the interceptors. Calls without TLS end with UNAUTHENTICATED, unless
   * `credentialsOverPlainText` is true. Default: none.
   */
  readonly credentials?: CallCredentials | undefined;
  /** Send credentials over connections without TLS too. Default false. */
  readonly credentialsOverPlainText?: boolean | undefined;
  /** Around every call of the channel; the first is the outermost. */
  readonly interceptors?: readonly ClientInterceptor[] | undefined;
}

/**
 * A channel to one server, or to several with the same services. It connects when the first call is made.
 *
 * - `http://host:port` for plain text, `https://host:port` for TLS, `unix:/path` for a socket: one connection, to the first address of
 *   the name that answers. With any of {@link BalancingOptions}: as `dns:`.
 * - `dns:///host:port`, or `dns://server/host:port` for a DNS server of your own: all addresses of a name, looked up again and again;
 *   `loadBalancing` chooses one for each call. With TLS where `tls` is given.
 * - `ipv4:10.0.0.1:80,10.0.0.2:80`, `ipv6:[…]:80,…`, or a list of targets of the first kind: these addresses. `:authority` is that of
 *   the first, unless `authority` says.
 * - `scheme:///name`, any scheme, with a `resolver`.
 *
 * A bundle has what all but the first kind need where the program imports `gen-stubs-runtime/balancing`, and what `serviceConfig` needs
 * where it imports `gen-stubs-runtime/service-config`; outside of bundles both are loaded when they are needed.
 *
 * @throws TypeError for any other target, for an unknown option, and for an option whose code is missing in a bundle.
 */
export function connect(target: string | readonly string[], options: ConnectOptions = {}): Channel {
  const { interceptors = [], credentials, credentialsOverPlainText: overPlainText, ...others } = options;
  const { loadBalancing, resolver, dns, healthCheck, outlierDetection, serviceConfig, retries, ...channelOptions } =
    others;
  const balancing: BalancingOptions = { loadBalancing, resolver, dns, healthCheck, outlierDetection };
  const channel = isSingle(target, balancing, serviceConfig)
    ? connectOne(target, { serviceConfig, retries }, channelOptions)
    : needed(optionalCode.connectMany, askerOf(target, balancing), "balancing")(
        target,
        balancing,
        { serviceConfig, retries },
        channelOptions,
      );
  const inner = credentials === undefined ? [] : [withCredentials(credentials, { overPlainText })];
  return withInterceptors(channel, [...interceptors, ...inner]);
}

/** Whether all calls go to one server. */
function isSingle(
  target: string | readonly string[],
  balancing: BalancingOptions,
  serviceConfig: ServiceConfigOptions["serviceConfig"],
): target is string {
  return !isManifold(target) && !asksForBalancing(balancing) && !saysWhichServer(serviceConfig);
}

function connectOne(target: string, config: ServiceConfigOptions, options: Http2ChannelOptions): Channel {
  const channel = connectHttp2(parseTarget(target, options.tls !== undefined), options);
  if (config.serviceConfig === undefined && (config.retries ?? false) === false) return channel;
  return needed(optionalCode.configured, "a serviceConfig", "service-config")(channel, config);
}

/** The options that need several servers, for error texts. */
function askerOf(target: string | readonly string[], balancing: BalancingOptions): string {
  if (isManifold(target)) return JSON.stringify(target);
  const [option] = Object.entries(balancing).find(([, value]) => value !== undefined) ?? [];
  return option === undefined ? "the policy in the serviceConfig" : `the option ${option}`;
}

import { type CallCredentials, withCredentials } from "./call/client/credentials.js";
import { withInterceptors } from "./call/client/intercepted-channel.js";
import type { ClientInterceptor } from "./call/client/interceptor.js";
import { lazyRouter } from "./channel/lazy-router.js";
import { type BalancingOptions, checkBalancing } from "./channel/options.js";
import { ResolvedConfig } from "./channel/resolved-config.js";
import { isManifold, parseChannelTarget } from "./channel/target.js";
import {
  configured,
  configuredByResolver,
  type ServiceConfigOptions,
  saysWhichServer,
} from "./service-config-option.js";
import { connectHttp2, connectRouted, type Http2ChannelOptions, isTunnelled } from "./transport/grpc-h2/index.js";
import { parseTarget } from "./transport/target.js";
import type { Channel } from "./transport/transport.js";

/** What `connect` may be told. `tls`: Node's TLS options; with `https://` they may be left out. */
export interface ConnectOptions extends Http2ChannelOptions, BalancingOptions, ServiceConfigOptions {
  /**
   * What proves who calls, added to the metadata of every call, within the interceptors. Only over TLS, unless
   * `credentialsOverPlainText` is true.
   */
  readonly credentials?: CallCredentials | undefined;
  /** Send credentials although others may listen. Default false. */
  readonly credentialsOverPlainText?: boolean | undefined;
  /** Around every call of the channel; the first is the outermost. */
  readonly interceptors?: readonly ClientInterceptor[] | undefined;
}

/**
 * A channel to a server, or to many that serve the same. It connects when the first call is made.
 *
 * - `http://host:port` for plain text, `https://host:port` for TLS, `unix:/path` for a socket: one connection, to the first address of
 *   the name that answers. With any of {@link BalancingOptions}: as `dns:`.
 * - `dns:///host:port`, or `dns://server/host:port` for a DNS server of your own: all addresses of a name, looked up again and again;
 *   which of them a call goes to is `loadBalancing`'s to say. With TLS where `tls` is given.
 * - `ipv4:10.0.0.1:80,10.0.0.2:80`, `ipv6:[…]:80,…`, or a list of targets of the first kind: these addresses. `:authority` is that of
 *   the first, unless `authority` says.
 * - `scheme:///name`, any scheme, with a `resolver`.
 *
 * Throws a TypeError where it is none of these, and for an option that it does not know.
 */
export function connect(target: string | readonly string[], options: ConnectOptions = {}): Channel {
  const { interceptors = [], credentials, credentialsOverPlainText: overPlainText, ...others } = options;
  const { loadBalancing, resolver, dns, healthCheck, outlierDetection, serviceConfig, retries, ...channelOptions } =
    others;
  const balancing: BalancingOptions = { loadBalancing, resolver, dns, healthCheck, outlierDetection };
  const manifold = isManifold(target) || isBalanced(balancing) || saysWhichServer(serviceConfig);
  const channel = manifold
    ? connectMany(target, balancing, { serviceConfig, retries }, channelOptions)
    : configured(connectHttp2(parseTarget(target, channelOptions.tls !== undefined), channelOptions), {
        serviceConfig,
        retries,
      });
  const inner = credentials === undefined ? [] : [withCredentials(credentials, { overPlainText })];
  return withInterceptors(channel, [...interceptors, ...inner]);
}

function connectMany(
  given: string | readonly string[],
  balancing: BalancingOptions,
  config: ServiceConfigOptions,
  options: Http2ChannelOptions,
): Channel {
  checkBalancing(balancing);
  const target = parseChannelTarget(given, options.tls !== undefined, balancing.resolver !== undefined);
  if (balancing.dns !== undefined && target.source.kind !== "dns") {
    throw new TypeError(`dns has no meaning for "${target.name}": it has no name to look up`);
  }
  const { source, tls } = target;
  // A proxy looks names up, and may know more of them. With a say in who is called, they are looked up here.
  if (
    source.kind === "dns" &&
    source.server === undefined &&
    !isBalanced(balancing) &&
    !saysWhichServer(config.serviceConfig)
  ) {
    const place = { kind: "tcp", tls, host: source.host, port: source.port } as const;
    if (isTunnelled(place, options)) return configured(connectHttp2(place, options), config);
  }
  const resolved = new ResolvedConfig(config.serviceConfig);
  const load = async () => {
    try {
      return (await import("./channel/target-router.js")).targetRouter(target, balancing, resolved);
    } catch (error) {
      resolved.noteResult();
      throw error;
    }
  };
  const channel = connectRouted(target, lazyRouter(load), options);
  const mayResolve = balancing.resolver !== undefined || balancing.dns?.serviceConfig === true;
  return mayResolve ? configuredByResolver(channel, resolved, config) : configured(channel, config);
}

function isBalanced(balancing: BalancingOptions): boolean {
  return Object.values(balancing).some((option) => option !== undefined);
}

import { lazyRouter } from "./channel/lazy-router.js";
import { asksForBalancing, type BalancingOptions, checkBalancing } from "./channel/options.js";
import { ResolvedConfig } from "./channel/resolved-config.js";
import { parseChannelTarget } from "./channel/target.js";
import {
  configured,
  configuredByResolver,
  type ServiceConfigOptions,
  saysWhichServer,
} from "./service-config-option.js";
import { connectHttp2, connectRouted, type Http2ChannelOptions, isTunnelled } from "./transport/grpc-h2/index.js";
import type { Channel } from "./transport/transport.js";

/**
 * A channel to as many servers as a name, a list or a resolver says. What chooses among them is loaded with the first call.
 *
 * @throws TypeError for a target and for options that cannot be
 */
export function connectMany(
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
  // With a proxy, the proxy resolves names, as it may know more of them. With load-balancing options they are resolved here.
  if (
    source.kind === "dns" &&
    source.server === undefined &&
    !asksForBalancing(balancing) &&
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

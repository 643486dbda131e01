import type { RouterFactory } from "../transport/routing.js";
import type { LoadBalancerFactory } from "./balancer/load-balancer.js";
import { nodeDnsLookups } from "./node/dns-lookups.js";
import type { BalancingOptions } from "./options.js";
import { policyFor, resolvedServiceConfig } from "./policy.js";
import { dnsResolver } from "./resolver/dns-resolver.js";
import { fixedAddresses, type ResolverFactory } from "./resolver/resolver.js";
import { router } from "./router.js";
import type { ParsedServiceConfig } from "./service-config/index.js";
import type { ChannelTarget } from "./target.js";

/** How a channel's service config and its router's meet. */
export interface ServiceConfigLink {
  /** What holds while the resolver has none. */
  readonly fallback?: ParsedServiceConfig | undefined;
  /** This one holds from now on: for its timeouts and retries. */
  readonly onConfig?: ((config: ParsedServiceConfig | undefined) => void) | undefined;
}

/** The router of a target: finds its servers and chooses among them. */
export function targetRouter(
  target: ChannelTarget,
  options: BalancingOptions,
  { fallback, onConfig }: ServiceConfigLink = {},
): RouterFactory {
  const resolver = options.resolver ?? resolverOf(target, options);
  const policy = (json: unknown): LoadBalancerFactory => {
    const config = resolvedServiceConfig(json) ?? fallback;
    const factory = policyFor(options, config);
    onConfig?.(config);
    return factory;
  };
  return router({ name: target.name, resolver, policy });
}

function resolverOf({ source }: ChannelTarget, { dns }: BalancingOptions): ResolverFactory {
  if (source.kind === "dns") return dnsResolver(source, nodeDnsLookups(source.server), dns);
  return fixedAddresses(source.kind === "addresses" ? source.addresses : []);
}

import type { RouterFactory } from "../transport/routing.js";
import { nodeDnsLookups } from "./node/dns-lookups.js";
import type { BalancingOptions } from "./options.js";
import { policyFor } from "./policy.js";
import { dnsResolver } from "./resolver/dns-resolver.js";
import { fixedAddresses, type ResolverFactory } from "./resolver/resolver.js";
import { router } from "./router.js";
import type { ChannelTarget } from "./target.js";

/** The router of a target: finds its servers and chooses among them. */
export function targetRouter(target: ChannelTarget, options: BalancingOptions): RouterFactory {
  const resolver = options.resolver ?? resolverOf(target, options);
  return router({ name: target.name, resolver, policy: (config) => policyFor(options, config) });
}

function resolverOf({ source }: ChannelTarget, { dns }: BalancingOptions): ResolverFactory {
  if (source.kind === "dns") return dnsResolver(source, nodeDnsLookups(source.server), dns);
  return fixedAddresses(source.kind === "addresses" ? source.addresses : []);
}

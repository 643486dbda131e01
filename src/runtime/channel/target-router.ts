import type { RouterFactory } from "../transport/routing.js";
import { nodeDnsLookups } from "./node/dns-lookups.js";
import type { BalancingOptions } from "./options.js";
import { policyFor, resolvedConfigOf } from "./policy.js";
import type { ResolvedConfig } from "./resolved-config.js";
import { dnsResolver } from "./resolver/dns-resolver.js";
import { fixedAddresses, type ResolverFactory } from "./resolver/resolver.js";
import { router } from "./router.js";
import { parseServiceConfig } from "./service-config/index.js";
import type { ChannelTarget } from "./target.js";

/**
 * The router of a target: finds its servers and chooses among them.
 *
 * @param resolved is told which service config holds
 * @throws TypeError for a service config of the channel's that is wrong
 */
export function targetRouter(
  target: ChannelTarget,
  options: BalancingOptions,
  resolved: ResolvedConfig,
): RouterFactory {
  const given = resolved.given === undefined ? undefined : parseServiceConfig(resolved.given);
  const resolver = told(options.resolver ?? resolverOf(target, options), resolved);
  const policy = (json: unknown) => {
    const config = resolvedConfigOf(json) ?? given;
    const factory = policyFor(options, config);
    resolved.current = config;
    return factory;
  };
  return router({ name: target.name, resolver, policy });
}

/** Tells that the resolver has said something, after the router has heard it. */
function told(resolver: ResolverFactory, resolved: ResolvedConfig): ResolverFactory {
  return (name, listener) => {
    try {
      return resolver(name, {
        onResult(result) {
          listener.onResult(result);
          resolved.noteResult();
        },
        onError(reason) {
          listener.onError(reason);
          resolved.noteResult();
        },
      });
    } catch (error) {
      resolved.noteResult();
      throw error;
    }
  };
}

function resolverOf({ source }: ChannelTarget, { dns }: BalancingOptions): ResolverFactory {
  if (source.kind === "dns") return dnsResolver(source, nodeDnsLookups(source.server), dns);
  return fixedAddresses(source.kind === "addresses" ? source.addresses : []);
}

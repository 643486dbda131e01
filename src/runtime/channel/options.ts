import { type OptionNames, refuseUnknown } from "../core/known-options.js";
import { type ChosenPolicy, type LoadBalancingName, policyByName, policyOf } from "./balancer/config.js";
import { type HealthCheckOptions, withHealthCheck } from "./balancer/health-check.js";
import type { LoadBalancerFactory } from "./balancer/load-balancer.js";
import { withOutlierDetection } from "./balancer/outlier-detection.js";
import type { OutlierDetectionOptions } from "./balancer/outlier-options.js";
import { pickFirst } from "./balancer/pick-first.js";
import type { DnsOptions } from "./resolver/dns-resolver.js";
import type { ResolverFactory } from "./resolver/resolver.js";

/** A policy by its name, as a service config has it (`[{ round_robin: {} }]`, the first that is known), or one of code. */
export type LoadBalancing = LoadBalancingName | readonly Readonly<Record<string, unknown>>[] | LoadBalancerFactory;

/** How a channel finds servers and chooses among them. */
export interface BalancingOptions {
  /** Which server each call goes to. Default: what the resolver's service config says, else "pick_first". */
  readonly loadBalancing?: LoadBalancing | undefined;
  /** Finds the servers, instead of DNS; the target may then have any scheme. */
  readonly resolver?: ResolverFactory | undefined;
  /** How names are looked up. */
  readonly dns?: DnsOptions | undefined;
  /**
   * Give calls to servers alone that say SERVING by `grpc.health.v1` (gRFC A17). Default: what the resolver's service config says, else not.
   * Not with "pick_first".
   */
  readonly healthCheck?: HealthCheckOptions | undefined;
  /** Give servers no calls for a while whose calls fail (gRFC A50); `{}` for the defaults. Default: not. Not with "pick_first". */
  readonly outlierDetection?: OutlierDetectionOptions | undefined;
}

const DNS_OPTIONS: OptionNames<DnsOptions> = { refreshMs: true, minRefreshMs: true, srv: true, serviceConfig: true };
const HEALTH_OPTIONS: OptionNames<HealthCheckOptions> = { serviceName: true };

/** @throws TypeError for a value that cannot be */
export function checkBalancing({
  dns,
  resolver,
  healthCheck,
  loadBalancing,
  outlierDetection,
}: BalancingOptions): void {
  if (resolver !== undefined && typeof resolver !== "function") {
    throw new TypeError("resolver is to be a function that makes one");
  }
  if (dns !== undefined) {
    refuseUnknown(dns, DNS_OPTIONS, "dns");
    for (const name of ["refreshMs", "minRefreshMs"] as const) {
      const value = dns[name];
      if (value !== undefined && !(typeof value === "number" && value > 0)) {
        throw new TypeError(`dns.${name} must be a number of milliseconds above 0: ${value}`);
      }
    }
    if (resolver !== undefined) throw new TypeError("dns has no meaning beside a resolver of your own");
  }
  if (healthCheck !== undefined) {
    refuseUnknown(healthCheck, HEALTH_OPTIONS, "healthCheck");
    if (typeof healthCheck.serviceName !== "string") throw new TypeError("healthCheck.serviceName must be a text");
  }
  const chosen = loadBalancing === undefined ? undefined : chosenPolicy(loadBalancing);
  const single = chosen?.single ?? loadBalancing === undefined;
  if (single && outlierDetection !== undefined) refuseForSingle("outlierDetection");
  if (chosen?.single === true && healthCheck !== undefined) refuseForSingle("healthCheck");
  policyFor({ loadBalancing, healthCheck, outlierDetection }, undefined);
}

/**
 * The policy that options and a service config ask for; where both do, the options'.
 * @throws TypeError that names what is wrong with either
 */
export function policyFor(options: BalancingOptions, serviceConfig: unknown): LoadBalancerFactory {
  const config = routingConfig(serviceConfig);
  const { factory, single } = chosenPolicy(options.loadBalancing ?? config.loadBalancing);
  if (single) return factory;
  const { healthCheck = config.healthCheck, outlierDetection } = options;
  let policy = factory;
  if (outlierDetection !== undefined) policy = withOutlierDetection(policy, outlierDetection);
  // On the connections themselves: what else there is sees those that are healthy.
  return healthCheck === undefined ? policy : withHealthCheck(policy, healthCheck);
}

/** What a service config says of servers (gRFC A2, A17). */
interface RoutingConfig {
  readonly loadBalancing: LoadBalancing | undefined;
  readonly healthCheck: HealthCheckOptions | undefined;
}

function routingConfig(json: unknown): RoutingConfig {
  if (json === undefined) return { loadBalancing: undefined, healthCheck: undefined };
  if (typeof json !== "object" || json === null || Array.isArray(json)) {
    throw new TypeError(`serviceConfig: expected an object, not ${JSON.stringify(json)}`);
  }
  const { loadBalancingConfig, loadBalancingPolicy, healthCheckConfig } = json as Readonly<Record<string, unknown>>; // an object
  const named = typeof loadBalancingPolicy === "string" ? loadBalancingPolicy.toLowerCase() : undefined;
  const policies = loadBalancingConfig ?? (named === undefined ? undefined : [{ [named]: {} }]);
  if (policies !== undefined) policyOf(policies);
  return {
    loadBalancing: policies as LoadBalancing | undefined, // a list, as was seen
    healthCheck: healthCheckOf(healthCheckConfig),
  };
}

/** A service config without `serviceName` asks for no checks (A17). */
function healthCheckOf(json: unknown): HealthCheckOptions | undefined {
  if (typeof json !== "object" || json === null || !("serviceName" in json)) return undefined;
  const { serviceName } = json;
  if (typeof serviceName === "string") return { serviceName };
  throw new TypeError(`healthCheckConfig.serviceName: expected a text, not ${JSON.stringify(serviceName)}`);
}

function chosenPolicy(loadBalancing: LoadBalancing | undefined): ChosenPolicy {
  if (loadBalancing === undefined) return { factory: pickFirst(), single: true };
  if (typeof loadBalancing === "function") return { factory: loadBalancing, single: false };
  if (typeof loadBalancing !== "string") return policyOf(loadBalancing, "loadBalancing");
  const named = policyByName(loadBalancing);
  if (named !== undefined) return named;
  throw new TypeError(
    `loadBalancing knows no "${loadBalancing}"; it takes "pick_first", "round_robin", "least_request", a list as in a service config, or a function`,
  );
}

function refuseForSingle(name: string): never {
  throw new TypeError(
    `${name} needs a policy that spreads calls: loadBalancing: "round_robin", for one; pick_first has one server`,
  );
}

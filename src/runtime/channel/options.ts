import { type OptionNames, refuseUnknown } from "../core/known-options.js";
import type { HealthCheckOptions } from "./balancer/health-check.js";
import type { LoadBalancerFactory } from "./balancer/load-balancer.js";
import { type OutlierDetectionOptions, resolveOutlierOptions } from "./balancer/outlier-options.js";
import type { DnsOptions } from "./resolver/dns-resolver.js";
import type { ResolverFactory } from "./resolver/resolver.js";

/** Policies by the names that service configs have for them. */
export type LoadBalancingName = "pick_first" | "round_robin" | "least_request";

const POLICIES: Readonly<Record<LoadBalancingName, true>> = {
  pick_first: true,
  round_robin: true,
  least_request: true,
};

/** A policy by its name, or one of code: those of `gen-stubs-runtime/balancing`, or your own. */
export type LoadBalancing = LoadBalancingName | LoadBalancerFactory;

/** How a channel finds servers and chooses among them. */
export interface BalancingOptions {
  /** The load-balancing policy, which chooses a server for each call. Default: from the service config, else "pick_first". */
  readonly loadBalancing?: LoadBalancing | undefined;
  /** Finds the servers, instead of DNS; the target may then have any scheme. */
  readonly resolver?: ResolverFactory | undefined;
  /** How names are looked up. */
  readonly dns?: DnsOptions | undefined;
  /**
   * Send calls only to servers that report SERVING by `grpc.health.v1` (gRFC A17). Default: from the service config, else false.
   * Not with "pick_first".
   */
  readonly healthCheck?: HealthCheckOptions | undefined;
  /** Give servers no calls for a while whose calls fail (gRFC A50); `{}` for the defaults. Default: not. Not with "pick_first". */
  readonly outlierDetection?: OutlierDetectionOptions | undefined;
}

const DNS_OPTIONS: OptionNames<DnsOptions> = { refreshMs: true, minRefreshMs: true, srv: true, serviceConfig: true };
const HEALTH_OPTIONS: OptionNames<HealthCheckOptions> = { serviceName: true };

/** Whether any of them is given: with one, a channel has as many servers as there are. */
export function asksForBalancing(options: BalancingOptions): boolean {
  return Object.values(options).some((option) => option !== undefined);
}

/** @throws TypeError for an unknown option, a value that cannot be, and for two that exclude each other */
export function checkBalancing(options: BalancingOptions): void {
  const { dns, resolver, healthCheck, loadBalancing, outlierDetection } = options;
  if (resolver !== undefined && typeof resolver !== "function") {
    throw new TypeError("resolver is to be a function that makes one");
  }
  if (dns !== undefined) checkDns(dns, resolver);
  if (typeof loadBalancing === "string" ? !Object.hasOwn(POLICIES, loadBalancing) : isNoPolicy(loadBalancing)) {
    const known = Object.keys(POLICIES).join(", ");
    throw new TypeError(`loadBalancing knows no ${JSON.stringify(loadBalancing)}; it takes ${known}, or a function`);
  }
  if (healthCheck !== undefined) {
    refuseUnknown(healthCheck, HEALTH_OPTIONS, "healthCheck");
    if (typeof healthCheck.serviceName !== "string") throw new TypeError("healthCheck.serviceName must be a text");
    if (loadBalancing === "pick_first") refuseForOne("healthCheck");
  }
  if (outlierDetection !== undefined) {
    resolveOutlierOptions(outlierDetection);
    if (loadBalancing === undefined || loadBalancing === "pick_first") refuseForOne("outlierDetection");
  }
}

function isNoPolicy(loadBalancing: unknown): boolean {
  return loadBalancing !== undefined && typeof loadBalancing !== "function";
}

function checkDns(dns: DnsOptions, resolver: ResolverFactory | undefined): void {
  refuseUnknown(dns, DNS_OPTIONS, "dns");
  for (const name of ["refreshMs", "minRefreshMs"] as const) {
    const value = dns[name];
    if (value !== undefined && !(typeof value === "number" && value > 0)) {
      throw new TypeError(`dns.${name} must be a number of milliseconds above 0: ${value}`);
    }
  }
  if (resolver !== undefined) throw new TypeError("dns has no meaning beside a resolver of your own");
}

/** pick_first has one connection: gRFC A17 and A50 leave it out. */
function refuseForOne(name: string): never {
  throw new TypeError(
    `${name} needs a policy that spreads calls, as loadBalancing: "round_robin"; pick_first has one server`,
  );
}

import { type ChosenPolicy, policyOf } from "./balancer/config.js";
import { withHealthCheck } from "./balancer/health-check.js";
import type { LoadBalancerFactory } from "./balancer/load-balancer.js";
import { withOutlierDetection } from "./balancer/outlier-detection.js";
import type { BalancingOptions, LoadBalancing } from "./options.js";
import { type ParsedServiceConfig, parseServiceConfig, type ServiceConfig } from "./service-config/index.js";

/**
 * The policy that the options and the service config ask for; where both do, the options'.
 * @throws TypeError that names what is wrong with the config of a policy
 */
export function policyFor(options: BalancingOptions, config: ParsedServiceConfig | undefined): LoadBalancerFactory {
  const { factory, single } = chosenPolicy(options.loadBalancing, config);
  if (single) return factory;
  const { outlierDetection } = options;
  let policy = factory;
  if (outlierDetection !== undefined) policy = withOutlierDetection(policy, outlierDetection);
  const serviceName = options.healthCheck?.serviceName ?? config?.healthCheckService;
  // On the connections themselves: what else there is sees those that are healthy.
  return serviceName === undefined ? policy : withHealthCheck(policy, { serviceName });
}

/**
 * What a resolver brings as a service config; what it has beyond what is known here is for other clients.
 * @throws TypeError that names what is wrong with it
 */
export function resolvedConfigOf(json: unknown): ParsedServiceConfig | undefined {
  if (json === undefined) return undefined;
  return parseServiceConfig(json as ServiceConfig, { ignoreUnknown: true }); // whatever it is, it is looked at
}

function chosenPolicy(asked: LoadBalancing | undefined, config: ParsedServiceConfig | undefined): ChosenPolicy {
  if (typeof asked === "function") return { factory: asked, single: false };
  if (asked !== undefined) return policyOf([{ policy: asked, config: {} }], "loadBalancing");
  if (config?.loadBalancing !== undefined) return policyOf(config.loadBalancing, "serviceConfig.loadBalancingConfig");
  return policyOf([{ policy: "pick_first", config: {} }], "loadBalancing");
}

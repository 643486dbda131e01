import { type ChosenPolicy, policyOf } from "./balancer/config.js";
import { withHealthCheck } from "./balancer/health-check.js";
import type { LoadBalancerFactory } from "./balancer/load-balancer.js";
import { withOutlierDetection } from "./balancer/outlier-detection.js";
import type { BalancingOptions, LoadBalancing } from "./options.js";
import { type ParsedServiceConfig, parseServiceConfig, type ServiceConfig } from "./service-config/index.js";

/**
 * The policy that the options and a resolver's service config ask for; where both do, the options'.
 *
 * @param serviceConfig JSON; undefined for none
 * @throws TypeError that names what is wrong with the service config
 */
export function policyFor(options: BalancingOptions, serviceConfig: unknown): LoadBalancerFactory {
  const json = serviceConfig as ServiceConfig | undefined; // whatever it is, it is looked at
  const config = json === undefined ? undefined : parseServiceConfig(json, { ignoreUnknown: true });
  const { factory, single } = chosenPolicy(options.loadBalancing, config);
  if (single) return factory;
  const { outlierDetection } = options;
  let policy = factory;
  if (outlierDetection !== undefined) policy = withOutlierDetection(policy, outlierDetection);
  const serviceName = options.healthCheck?.serviceName ?? config?.healthCheckService;
  // On the connections themselves: what else there is sees those that are healthy.
  return serviceName === undefined ? policy : withHealthCheck(policy, { serviceName });
}

function chosenPolicy(asked: LoadBalancing | undefined, config: ParsedServiceConfig | undefined): ChosenPolicy {
  if (typeof asked === "function") return { factory: asked, single: false };
  if (asked !== undefined) return policyOf([{ policy: asked, config: {} }], "loadBalancing");
  if (config?.loadBalancing !== undefined) return policyOf(config.loadBalancing, "serviceConfig.loadBalancingConfig");
  return policyOf([{ policy: "pick_first", config: {} }], "loadBalancing");
}

import { messageOf } from "../../core/rpc-error.js";
import type { LoadBalancingChoice } from "../service-config/index.js";
import { loadBalancingOf } from "../service-config/load-balancing.js";
import { leastRequest } from "./least-request.js";
import type { LoadBalancerFactory } from "./load-balancer.js";
import { withOutlierDetection } from "./outlier-detection.js";
import type { FailurePercentageOptions, OutlierDetectionOptions, SuccessRateOptions } from "./outlier-options.js";
import { pickFirst } from "./pick-first.js";
import { roundRobin } from "./round-robin.js";

/** A policy, and whether it has one connection alone, of which health and outliers are not watched (gRFC A17, A50, A61). */
export interface ChosenPolicy {
  readonly factory: LoadBalancerFactory;
  readonly single: boolean;
}

type Config = Readonly<Record<string, unknown>>;

/** What is wrong with a load balancing config, and where. */
class ConfigFault extends TypeError {
  constructor(path: string, what: string, value: unknown) {
    super(`${path}: ${what}, not ${JSON.stringify(value)}`);
  }
}

const POLICIES: Readonly<Record<string, (config: Config, path: string) => ChosenPolicy>> = {
  pick_first(config, path) {
    const shuffle = optional(config, "shuffleAddressList", path, "boolean") ?? false;
    return { factory: pickFirst({ shuffle }), single: true };
  },
  round_robin: () => ({ factory: roundRobin(), single: false }),
  least_request_experimental: leastRequestOf,
  least_request: leastRequestOf,
  outlier_detection_experimental(config, path) {
    const children = loadBalancingOf({ loadBalancingConfig: config["childPolicy"] }, path, { ignoreUnknown: true });
    const child = policyOf(children ?? [], `${path}.childPolicy`);
    if (child.single) return child;
    const options = outlierOptionsOf(config, path);
    return options === undefined ? child : { factory: withOutlierDetection(child.factory, options), single: false };
  },
};

/**
 * The first policy of a service config's list that is known (gRFC A2, A24).
 *
 * @param path where the list is, for error texts
 * @throws TypeError that names the path and the value
 */
export function policyOf(choices: readonly LoadBalancingChoice[], path: string): ChosenPolicy {
  for (const [index, { policy, config }] of choices.entries()) {
    const make = Object.hasOwn(POLICIES, policy) ? POLICIES[policy] : undefined;
    if (make !== undefined) return make(config, `${path}[${index}].${policy}`);
  }
  const named = choices.map(({ policy }) => policy).join(", ");
  throw new TypeError(`${path} names ${named}, of which none is known: there are ${Object.keys(POLICIES).join(", ")}`);
}

function leastRequestOf(config: Config, path: string): ChosenPolicy {
  const choiceCount = optional(config, "choiceCount", path, "number");
  try {
    return { factory: leastRequest({ choiceCount }), single: false };
  } catch (error) {
    throw new TypeError(`${path}.${messageOf(error)}`, { cause: error });
  }
}

/** gRFC A50's JSON, in which durations are texts. Undefined where it detects nothing. */
function outlierOptionsOf(config: Config, path: string): OutlierDetectionOptions | undefined {
  const successRate = config["successRateEjection"];
  const failurePercentage = config["failurePercentageEjection"];
  if (successRate === undefined && failurePercentage === undefined) return undefined;
  return {
    intervalMs: duration(config, "interval", path),
    baseEjectionTimeMs: duration(config, "baseEjectionTime", path),
    maxEjectionTimeMs: duration(config, "maxEjectionTime", path),
    maxEjectionPercent: optional(config, "maxEjectionPercent", path, "number"),
    successRate: successRate === undefined ? undefined : successRateOf(successRate, `${path}.successRateEjection`),
    failurePercentage:
      failurePercentage === undefined
        ? undefined
        : failurePercentageOf(failurePercentage, `${path}.failurePercentageEjection`),
  };
}

function successRateOf(value: unknown, path: string): SuccessRateOptions {
  const config = objectOf(value, path);
  const { enforcementPercentage, minimumHosts, requestVolume } = shared(config, path);
  const stdevFactor = optional(config, "stdevFactor", path, "number");
  return { stdevFactor, enforcementPercentage, minimumHosts, requestVolume };
}

function failurePercentageOf(value: unknown, path: string): FailurePercentageOptions {
  const config = objectOf(value, path);
  return { threshold: optional(config, "threshold", path, "number"), ...shared(config, path) };
}

function shared(config: Config, path: string): Omit<FailurePercentageOptions, "threshold"> {
  return {
    enforcementPercentage: optional(config, "enforcementPercentage", path, "number"),
    minimumHosts: optional(config, "minimumHosts", path, "number"),
    requestVolume: optional(config, "requestVolume", path, "number"),
  };
}

function objectOf(value: unknown, path: string): Config {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Config; // as was seen
  throw new ConfigFault(path, "expected an object", value);
}

interface Types {
  readonly boolean: boolean;
  readonly number: number;
}

function optional<Type extends keyof Types>(
  config: Config,
  name: string,
  path: string,
  type: Type,
): Types[Type] | undefined {
  const value = config[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== type) throw new ConfigFault(`${path}.${name}`, `expected a ${type}`, value);
  return value as Types[Type]; // as was seen
}

/** A duration in protobuf's JSON, `"1.5s"`, in milliseconds. */
function duration(config: Config, name: string, path: string): number | undefined {
  const value = config[name];
  if (value === undefined || value === null) return undefined;
  const seconds = typeof value === "string" ? /^(\d+(?:\.\d{1,9})?)s$/.exec(value)?.[1] : undefined;
  if (seconds === undefined) throw new ConfigFault(`${path}.${name}`, 'expected a duration such as "10s"', value);
  return Number(seconds) * 1000;
}

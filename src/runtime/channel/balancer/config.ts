import { messageOf } from "../../core/rpc-error.js";
import { leastRequest } from "./least-request.js";
import type { LoadBalancerFactory } from "./load-balancer.js";
import { withOutlierDetection } from "./outlier-detection.js";
import type { FailurePercentageOptions, OutlierDetectionOptions, SuccessRateOptions } from "./outlier-options.js";
import { pickFirst } from "./pick-first.js";
import { roundRobin } from "./round-robin.js";

/** Policies by the names that service configs have for them. */
export type LoadBalancingName = "pick_first" | "round_robin" | "least_request";

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
    const child = policyOf(config["childPolicy"], `${path}.childPolicy`);
    if (child.single) return child;
    const options = outlierOptionsOf(config, path);
    return options === undefined ? child : { factory: withOutlierDetection(child.factory, options), single: false };
  },
};

export function policyByName(name: string): ChosenPolicy | undefined {
  const named = Object.hasOwn(POLICIES, name) ? POLICIES[name] : undefined;
  return named === undefined || name.endsWith("_experimental") ? undefined : named({}, name);
}

/**
 * The first policy of a `loadBalancingConfig` that is known (gRFC A2, A24).
 * @throws TypeError that names the path and the value
 */
export function policyOf(config: unknown, path = "loadBalancingConfig"): ChosenPolicy {
  if (!Array.isArray(config)) throw new ConfigFault(path, "expected a list of policies", config);
  for (const [index, entry] of config.entries()) {
    const here = `${path}[${index}]`;
    const [[name, settings] = [], ...others] = Object.entries(objectOf(entry, here));
    if (name === undefined || others.length > 0) throw new ConfigFault(here, "expected one policy by its name", entry);
    const make = Object.hasOwn(POLICIES, name) ? POLICIES[name] : undefined;
    if (make !== undefined) return make(objectOf(settings, `${here}.${name}`), `${here}.${name}`);
  }
  throw new ConfigFault(path, `expected one of ${Object.keys(POLICIES).join(", ")}`, config);
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

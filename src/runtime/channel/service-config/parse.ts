import { messageOf } from "../../core/rpc-error.js";
import { fieldOf, type JsonObject, objectAt, type ReadOptions, stringAt } from "./json-reader.js";
import { loadBalancingOf } from "./load-balancing.js";
import { type MethodConfigs, methodConfigsAt } from "./method-config.js";
import type { ParsedMethodConfig, ParsedServiceConfig } from "./parsed.js";
import { retryThrottlingAt } from "./policies.js";
import type { ServiceConfig } from "./types.js";

const ROOT = "serviceConfig";
const FIELDS = ["loadBalancingConfig", "loadBalancingPolicy", "methodConfig", "retryThrottling", "healthCheckConfig"];

/**
 * Reads a service config: JSON as a text, or what that stands for.
 *
 * @throws TypeError that names the place and the value: `serviceConfig.methodConfig[0].timeout is "3c": it must be …`
 */
export function parseServiceConfig(given: ServiceConfig | string, options: ReadOptions = {}): ParsedServiceConfig {
  const config = objectAt(typeof given === "string" ? parseJson(given) : given, ROOT, FIELDS, options);
  const methods = fieldOf(config, "methodConfig");
  const throttling = fieldOf(config, "retryThrottling");
  const configs: MethodConfigs =
    methods === undefined ? new Map() : methodConfigsAt(methods, `${ROOT}.methodConfig`, options);
  return {
    methodConfig: (path) => lookUp(configs, path),
    loadBalancing: loadBalancingOf(config, ROOT, options),
    healthCheckService: healthCheckServiceOf(config, options),
    retryThrottling:
      throttling === undefined ? undefined : retryThrottlingAt(throttling, `${ROOT}.retryThrottling`, options),
  };
}

/** The narrowest that there is: nothing of the others is added to it. */
function lookUp(configs: MethodConfigs, path: string): ParsedMethodConfig | undefined {
  if (configs.size === 0) return undefined;
  return configs.get(path) ?? configs.get(path.slice(0, path.lastIndexOf("/") + 1)) ?? configs.get("");
}

/** gRFC A17. */
function healthCheckServiceOf(config: JsonObject, options: ReadOptions): string | undefined {
  const health = fieldOf(config, "healthCheckConfig");
  if (health === undefined) return undefined;
  const path = `${ROOT}.healthCheckConfig`;
  const name = fieldOf(objectAt(health, path, ["serviceName"], options), "serviceName");
  return name === undefined ? undefined : stringAt(name, `${path}.serviceName`);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TypeError(`${ROOT} is no JSON: ${messageOf(cause)}`, { cause });
  }
}

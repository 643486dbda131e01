export type { ReadOptions } from "./json-reader.js";
export { limitedMethod } from "./limited-method.js";
export { parseServiceConfig } from "./parse.js";
export type {
  LoadBalancingChoice,
  ParsedHedgingPolicy,
  ParsedMethodConfig,
  ParsedRetryPolicy,
  ParsedRetryThrottling,
  ParsedServiceConfig,
} from "./parsed.js";
export type {
  HealthCheckConfig,
  HedgingPolicy,
  LoadBalancingConfig,
  MethodConfig,
  MethodName,
  RetryPolicy,
  RetryThrottling,
  ServiceConfig,
  StatusCodeName,
} from "./types.js";

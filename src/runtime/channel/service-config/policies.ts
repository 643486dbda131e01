import { badValue, fieldOf, type JsonObject, objectAt, type ReadOptions } from "./json-reader.js";
import type { ParsedHedgingPolicy, ParsedRetryPolicy, ParsedRetryThrottling } from "./parsed.js";
import { durationAt, positiveAt, statusCodesAt, wholeAt } from "./values.js";

const RETRY = ["maxAttempts", "initialBackoff", "maxBackoff", "backoffMultiplier", "retryableStatusCodes"];
const HEDGING = ["maxAttempts", "hedgingDelay", "nonFatalStatusCodes"];
const THROTTLING = ["maxTokens", "tokenRatio"];

/** gRFC A6, "Validation of retryPolicy". */
export function retryPolicyAt(value: unknown, path: string, options: ReadOptions): ParsedRetryPolicy {
  const policy = objectAt(value, path, RETRY, options);
  const retryableStatusCodes = statusCodesAt(fieldOf(policy, "retryableStatusCodes"), `${path}.retryableStatusCodes`);
  if (retryableStatusCodes.size === 0) {
    throw badValue(`${path}.retryableStatusCodes`, [], "it must name at least one status code");
  }
  return {
    maxAttempts: attemptsOf(policy, path),
    initialBackoffMs: durationAt(fieldOf(policy, "initialBackoff"), `${path}.initialBackoff`, "more than zero"),
    maxBackoffMs: durationAt(fieldOf(policy, "maxBackoff"), `${path}.maxBackoff`, "more than zero"),
    backoffMultiplier: positiveAt(fieldOf(policy, "backoffMultiplier"), `${path}.backoffMultiplier`),
    retryableStatusCodes,
  };
}

/** gRFC A6, "Validation of hedgingPolicy". */
export function hedgingPolicyAt(value: unknown, path: string, options: ReadOptions): ParsedHedgingPolicy {
  const policy = objectAt(value, path, HEDGING, options);
  const delay = fieldOf(policy, "hedgingDelay");
  const codes = fieldOf(policy, "nonFatalStatusCodes");
  return {
    maxAttempts: attemptsOf(policy, path),
    hedgingDelayMs: delay === undefined ? 0 : durationAt(delay, `${path}.hedgingDelay`, "zero"),
    nonFatalStatusCodes: statusCodesAt(codes ?? [], `${path}.nonFatalStatusCodes`),
  };
}

/** gRFC A6, "Validation of retryThrottling". */
export function retryThrottlingAt(value: unknown, path: string, options: ReadOptions): ParsedRetryThrottling {
  const throttling = objectAt(value, path, THROTTLING, options);
  const maxTokens = wholeAt(fieldOf(throttling, "maxTokens"), `${path}.maxTokens`, 1, 1000);
  const given = fieldOf(throttling, "tokenRatio");
  // Further places are cut off. 0.57 * 1000 is a little less than 570.
  const milliTokenRatio = Math.floor(positiveAt(given, `${path}.tokenRatio`) * 1000 + 1e-6);
  if (milliTokenRatio === 0) throw badValue(`${path}.tokenRatio`, given, "only three places behind the point count");
  return { maxMilliTokens: maxTokens * 1000, milliTokenRatio };
}

function attemptsOf(policy: JsonObject, path: string): number {
  return wholeAt(fieldOf(policy, "maxAttempts"), `${path}.maxAttempts`, 2, Number.POSITIVE_INFINITY);
}

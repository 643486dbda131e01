import type { status } from "../../core/status.js";

/** A service config that was read and found right. */
export interface ParsedServiceConfig {
  /** By path, `/package.Service/Method`: the method's own, its service's, or the one of all methods. */
  methodConfig(path: string): ParsedMethodConfig | undefined;
  /** Policies in order of preference. Undefined where the config does not say; never empty. */
  readonly loadBalancing: readonly LoadBalancingChoice[] | undefined;
  /** The service whose health is to be asked for; undefined for no checks. */
  readonly healthCheckService: string | undefined;
  readonly retryThrottling: ParsedRetryThrottling | undefined;
}

/** One load balancing policy, and its own config as it was written. */
export interface LoadBalancingChoice {
  readonly policy: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** What holds for some methods. */
export interface ParsedMethodConfig {
  /** Whether it names methods, and not a whole service or everything. */
  readonly exact: boolean;
  readonly timeoutMs: number | undefined;
  readonly waitForReady: boolean | undefined;
  readonly maxRequestMessageBytes: number | undefined;
  readonly maxResponseMessageBytes: number | undefined;
  readonly retryPolicy: ParsedRetryPolicy | undefined;
  readonly hedgingPolicy: ParsedHedgingPolicy | undefined;
}

export interface ParsedRetryPolicy {
  /** The first attempt included. As it was written: the channel's own limit is not in it. */
  readonly maxAttempts: number;
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly backoffMultiplier: number;
  readonly retryableStatusCodes: ReadonlySet<status>;
}

export interface ParsedHedgingPolicy {
  /** As {@link ParsedRetryPolicy.maxAttempts}. */
  readonly maxAttempts: number;
  readonly hedgingDelayMs: number;
  readonly nonFatalStatusCodes: ReadonlySet<status>;
}

/** Tokens in thousandths: three places behind the point are counted. */
export interface ParsedRetryThrottling {
  readonly maxMilliTokens: number;
  readonly milliTokenRatio: number;
}

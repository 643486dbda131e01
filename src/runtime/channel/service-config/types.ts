/**
 * A service config as everyone writes it: JSON with the names of `grpc.service_config.ServiceConfig`. Durations are texts
 * (`"0.25s"`), status codes are names in any case or numbers.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/service_config.md
 * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md for retries and hedging
 */
export interface ServiceConfig {
  /** Policies in order of preference; the first that is known counts: `[{ round_robin: {} }]`. */
  readonly loadBalancingConfig?: readonly LoadBalancingConfig[] | null | undefined;
  /** The older form: one name. `loadBalancingConfig` outranks it. */
  readonly loadBalancingPolicy?: string | null | undefined;
  /** What holds for which methods. No name may stand in it twice. */
  readonly methodConfig?: readonly MethodConfig[] | null | undefined;
  /** When retries and hedges stop, so that they do not add to the load of a server that fails. For the whole channel. */
  readonly retryThrottling?: RetryThrottling | null | undefined;
  /** Asks each server for its health (gRFC A17). */
  readonly healthCheckConfig?: HealthCheckConfig | null | undefined;
}

/** One policy's name, and its own config. */
export type LoadBalancingConfig = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Which methods: one by `service` and `method`, all of a service by `service` alone, all there are by `{}`. The narrowest counts. */
export interface MethodName {
  /** `package.Service` */
  readonly service?: string | null | undefined;
  /** As in the .proto: `GetFeature`. */
  readonly method?: string | null | undefined;
}

/** What holds for some methods. */
export interface MethodConfig {
  /** At least one. */
  readonly name: readonly MethodName[];
  /** The longest a call may take, all its attempts together; the caller's own deadline holds too, where it is earlier. */
  readonly timeout?: string | null | undefined;
  /** Whether calls wait for a connection instead of failing with UNAVAILABLE. An option of the caller takes precedence. */
  readonly waitForReady?: boolean | null | undefined;
  /** The largest request, in bytes before compression. The channel's own limit holds too. */
  readonly maxRequestMessageBytes?: number | string | null | undefined;
  /** The largest response, in bytes inflated. The channel's own limit holds too. */
  readonly maxResponseMessageBytes?: number | string | null | undefined;
  /** Sends a call again that failed. Not together with `hedgingPolicy`. */
  readonly retryPolicy?: RetryPolicy | null | undefined;
  /** Sends a call again that has not been answered. Not together with `retryPolicy`. */
  readonly hedgingPolicy?: HedgingPolicy | null | undefined;
}

/** A status code by its name, in any case, or by its number. */
export type StatusCodeName = string | number;

/** Sends a call again that failed, until the server's answer has begun. */
export interface RetryPolicy {
  /** The first attempt included: 2 or more. The channel's own limit, 5 by default, cuts it. */
  readonly maxAttempts: number;
  /** The wait before the second attempt, more or less by a fifth. More than 0. */
  readonly initialBackoff: string;
  /** The longest wait. More than 0. */
  readonly maxBackoff: string;
  /** How much longer each wait is than the one before. More than 0. */
  readonly backoffMultiplier: number;
  /** After which codes. At least one. */
  readonly retryableStatusCodes: readonly StatusCodeName[];
}

/** Sends a call again that has not been answered, and takes the first answer. */
export interface HedgingPolicy {
  /** The first attempt included: 2 or more. The channel's own limit, 5 by default, cuts it. */
  readonly maxAttempts: number;
  /** The wait before each further attempt. Default "0s": all at once. */
  readonly hedgingDelay?: string | null | undefined;
  /** After which codes of one attempt the others may still succeed. Default: none, any failure ends the call. */
  readonly nonFatalStatusCodes?: readonly StatusCodeName[] | null | undefined;
}

/**
 * A failed attempt takes one token, a call that succeeds gives `tokenRatio`. With half of the tokens or fewer nothing is
 * sent again.
 */
export interface RetryThrottling {
  /** What there is at first, and at most: a whole number from 1 to 1000. */
  readonly maxTokens: number;
  /** More than 0; counted to three places behind the point. */
  readonly tokenRatio: number;
}

/** Whose health is asked for. */
export interface HealthCheckConfig {
  /** The `service` of `grpc.health.v1.HealthCheckRequest`; "" is the server as a whole. Absent: no checks. */
  readonly serviceName?: string | null | undefined;
}

import type { ClientInterceptor, ConnectOptions, ServerInterceptor, ServerOptions } from "../../src/runtime/index.js";

/** What stands around the calls of one measurement. */
export interface Variant {
  readonly server?: ServerOptions;
  readonly channel?: ConnectOptions;
  /** Load `gen-stubs-runtime/current-call`. */
  readonly currentCall?: boolean;
}

const onClient: ClientInterceptor = async (_, next) => {
  await next();
};
const onServer: ServerInterceptor = async (_, next) => {
  await next();
};
const seeing: ServerInterceptor = async (_, next) => {
  await next({ received: () => undefined, sent: () => undefined });
};

const name = [{ service: "bench.Around" }];
const retryPolicy = {
  maxAttempts: 4,
  initialBackoff: "0.1s",
  maxBackoff: "1s",
  backoffMultiplier: 2,
  retryableStatusCodes: ["UNAVAILABLE"],
} as const;

/** By name. "nothing" is what the others are compared with. */
export const variants: Readonly<Record<string, Variant>> = {
  nothing: {},
  "an interceptor on the channel": { channel: { interceptors: [onClient] } },
  "an interceptor on the server": { server: { interceptors: [onServer] } },
  "one on the server that sees messages": { server: { interceptors: [seeing] } },
  "maxRunningCalls, never reached": { server: { maxRunningCalls: 1_000_000 } },
  "round_robin, over one address": { channel: { loadBalancing: "round_robin" } },
  "least_request, over one address": { channel: { loadBalancing: "least_request" } },
  "a service config with a timeout": { channel: { serviceConfig: { methodConfig: [{ name, timeout: "30s" }] } } },
  "a retry policy": { channel: { serviceConfig: { methodConfig: [{ name, retryPolicy }] } } },
  "a retry policy and tokens": {
    channel: {
      serviceConfig: {
        methodConfig: [{ name, retryPolicy }],
        retryThrottling: { maxTokens: 100, tokenRatio: 0.1 },
      },
    },
  },
  "a hedging policy, never due": {
    channel: {
      serviceConfig: {
        methodConfig: [
          {
            name: [
              { service: "bench.Around", method: "Echo" },
              { service: "bench.Around", method: "Stream" },
            ],
            hedgingPolicy: { maxAttempts: 2, hedgingDelay: "30s" },
          },
        ],
      },
    },
  },
  currentCall: { currentCall: true },
};

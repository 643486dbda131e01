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

/** By name. "nothing" is what the others are compared with. */
export const variants: Readonly<Record<string, Variant>> = {
  nothing: {},
  "an interceptor on the channel": { channel: { interceptors: [onClient] } },
  "an interceptor on the server": { server: { interceptors: [onServer] } },
  "one on the server that sees messages": { server: { interceptors: [seeing] } },
  "maxRunningCalls, never reached": { server: { maxRunningCalls: 1_000_000 } },
  "round_robin, over one address": { channel: { loadBalancing: "round_robin" } },
  "least_request, over one address": { channel: { loadBalancing: "least_request" } },
  currentCall: { currentCall: true },
};

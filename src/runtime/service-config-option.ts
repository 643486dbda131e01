import { loadedCode } from "./channel/loaded-code.js";
import type { ResolvedConfig } from "./channel/resolved-config.js";
import type { RetryOptions } from "./channel/retry/index.js";
import type { ServiceConfig } from "./channel/service-config/index.js";
import { lazyChannel } from "./lazy-channel.js";
import type { Channel } from "./transport/transport.js";

/** The service-config options of a channel. */
export interface ServiceConfigOptions {
  /**
   * Timeouts, limits, retries and hedging by method: JSON as every gRPC client takes it, as text or as an object. What
   * is wrong with it is reported with its path and value: by a TypeError at once where `gen-stubs-runtime/service-config` is imported
   * anywhere; else that code is loaded now, and each call ends with INTERNAL.
   */
  readonly serviceConfig?: ServiceConfig | string | undefined;
  /** Limits of retries and hedging; `false`: calls are never sent again, whatever the service config says. */
  readonly retries?: RetryOptions | false | undefined;
}

/** The channel as its options want it. Throws a TypeError for `retries` where there is no config that could ask for any. */
export function configured(channel: Channel, { serviceConfig, retries }: ServiceConfigOptions): Channel {
  if (serviceConfig === undefined) {
    if (retries === undefined || retries === false) return channel;
    throw new TypeError("retries says how much may be sent again; what is, says a serviceConfig, and there is none");
  }
  const { configureChannel } = loadedCode;
  if (configureChannel !== undefined) return configureChannel(channel, serviceConfig, retries);
  return lazyChannel(channel, async () => {
    const { configureChannel: configure } = await import("./channel/service-config-channel.js");
    return configure(channel, serviceConfig, retries);
  });
}

/** As {@link configured}, where the resolver may bring a config: a call waits until that is known (gRFC A2). */
export function configuredByResolver(
  channel: Channel,
  resolved: ResolvedConfig,
  { retries }: ServiceConfigOptions,
): Channel {
  const load = async () => {
    const { withServiceConfig } = await import("./channel/service-config-channel.js");
    channel.connect();
    await resolved.resolved;
    return withServiceConfig(channel, () => resolved.current, retries);
  };
  return lazyChannel(channel, load, { atFirstCall: true });
}

/** Whether a config asks for more than one connection can do: a policy among servers, or checks of their health. */
export function saysWhichServer(serviceConfig: ServiceConfig | string | undefined): boolean {
  if (typeof serviceConfig === "string")
    return /"(?:loadBalancing(?:Config|Policy)|healthCheckConfig)"/.test(serviceConfig);
  const { loadBalancingConfig, loadBalancingPolicy, healthCheckConfig } = serviceConfig ?? {};
  return (loadBalancingConfig ?? loadBalancingPolicy ?? healthCheckConfig ?? undefined) !== undefined;
}

/**
 * Service configs around any channel: timeouts, message limits, retries and hedging by method. Importing it also lets `connect`
 * check its `serviceConfig` at once, and in a bundle brings what it needs for one.
 */

import type { RetryOptions } from "./channel/retry/index.js";
import type { ServiceConfig } from "./channel/service-config/index.js";
import { configureChannel } from "./channel/service-config-channel.js";
import { type OptionNames, refuseUnknown } from "./core/known-options.js";
import { optionalCode } from "./optional-code.js";
import { configured } from "./service-config-option.js";
import type { Channel } from "./transport/transport.js";

optionalCode.configured = configured;

/** What {@link withServiceConfig} may be told. */
export interface WithServiceConfigOptions {
  /** As `connect` takes it. */
  readonly retries?: RetryOptions | false | undefined;
}

const OPTIONS: OptionNames<WithServiceConfigOptions> = { retries: true };

/**
 * The channel, whatever it goes over, with a service config around every call. Of the config, `loadBalancingConfig` and
 * `healthCheckConfig` are for channels with several servers; here they are read and have no effect. Closing it closes the
 * channel below.
 *
 * @throws TypeError that names the place and the value: `serviceConfig.methodConfig[0].timeout is "3c": it must be …`
 */
export function withServiceConfig(
  channel: Channel,
  serviceConfig: ServiceConfig | string,
  options: WithServiceConfigOptions = {},
): Channel {
  refuseUnknown(options, OPTIONS, "withServiceConfig");
  return configureChannel(channel, serviceConfig, options.retries);
}

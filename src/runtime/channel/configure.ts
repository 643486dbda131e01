import type { Channel } from "../transport/transport.js";
import { type ConfigureChannel, loadedCode } from "./loaded-code.js";
import type { ResolverConfig } from "./resolver-config.js";
import type { RetryOptions } from "./retry/index.js";
import { type ParsedServiceConfig, parseServiceConfig, type ServiceConfig } from "./service-config/index.js";
import { withServiceConfig } from "./service-config-channel.js";

/**
 * The channel with a config as everyone writes it.
 * @throws TypeError for a config that is wrong
 */
export const configureChannel: ConfigureChannel = (inner, serviceConfig, retries) =>
  withServiceConfig(inner, parseServiceConfig(serviceConfig), retries);

loadedCode.configureChannel = configureChannel;

/**
 * The channel with the config that its resolver brings, or with `serviceConfig` as long as it brings none. One that is wrong is
 * passed over here: the channel below ends calls for it, where it has no earlier one.
 *
 * @throws TypeError for a `serviceConfig` that is wrong
 */
export function configureByResolver(
  inner: Channel,
  serviceConfig: ServiceConfig | string | undefined,
  retries: RetryOptions | false | undefined,
  heard: ResolverConfig,
): Channel {
  const fallback = serviceConfig === undefined ? undefined : parseServiceConfig(serviceConfig);
  let seen: unknown;
  let parsed: ParsedServiceConfig | undefined;
  const source = (): ParsedServiceConfig | undefined => {
    if (heard.current !== seen) {
      seen = heard.current;
      parsed = parsedOr(parsed, seen);
    }
    return parsed ?? fallback;
  };
  return withServiceConfig(inner, source, retries);
}

function parsedOr(earlier: ParsedServiceConfig | undefined, json: unknown): ParsedServiceConfig | undefined {
  if (json === undefined) return undefined;
  try {
    return parseServiceConfig(json as ServiceConfig, { ignoreUnknown: true }); // whatever it is, it is looked at
  } catch {
    return earlier;
  }
}

import type { Channel } from "../transport/transport.js";
import type { RetryOptions } from "./retry/index.js";
import type { ServiceConfig } from "./service-config/index.js";

/** Puts a service config around a channel. Throws a TypeError for one that is wrong. */
export type ConfigureChannel = (
  inner: Channel,
  serviceConfig: ServiceConfig | string,
  retries: RetryOptions | false | undefined,
) => Channel;

/**
 * Code that only some clients need, set when it is loaded: `import "gen-stubs-runtime/service-config"`, or the first channel
 * that is told of a service config.
 */
export const loadedCode: { configureChannel: ConfigureChannel | undefined } = { configureChannel: undefined };

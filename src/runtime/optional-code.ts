import type { BalancingOptions } from "./channel/options.js";
import type { ServiceConfigOptions } from "./service-config-option.js";
import type { Http2ChannelOptions } from "./transport/grpc-h2/index.js";
import type { Channel } from "./transport/transport.js";

/**
 * Parts of `connect` that most clients never use, and that are a third of its code. Their entry points put them here. Outside of
 * bundles the package's main entry does so too, and they are loaded when a channel first asks for them; in a bundle, where nothing
 * that is left out can be loaded later, the program imports what it uses.
 */
interface OptionalCode {
  /** `gen-stubs-runtime/balancing`: channels to many servers. */
  connectMany:
    | ((
        target: string | readonly string[],
        balancing: BalancingOptions,
        config: ServiceConfigOptions,
        options: Http2ChannelOptions,
      ) => Channel)
    | undefined;
  /** `gen-stubs-runtime/service-config`: a service config around a channel. */
  configured: ((channel: Channel, config: ServiceConfigOptions) => Channel) | undefined;
}

export const optionalCode: OptionalCode = { connectMany: undefined, configured: undefined };

/** @throws TypeError where the bundle has left it out, with the import that brings it */
export function needed<Part>(part: Part | undefined, asker: string, entry: "balancing" | "service-config"): Part {
  if (part !== undefined) return part;
  throw new TypeError(
    `connect: ${asker} needs code that this bundle leaves out; add: import "gen-stubs-runtime/${entry}"`,
  );
}

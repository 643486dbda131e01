import type { ResolvedOptions } from "../options.js";
import type { Settings } from "../settings.js";

/** What our first SETTINGS say. Servers open no streams, as nothing may be pushed: a client limits none. */
export function ownSettings(options: ResolvedOptions, isClient: boolean): Settings {
  return {
    headerTableSize: options.headerTableSize,
    enablePush: false,
    maxConcurrentStreams: isClient ? Number.POSITIVE_INFINITY : options.maxConcurrentStreams,
    initialWindowSize: options.initialWindowSize,
    maxFrameSize: options.maxFrameSize,
    maxHeaderListSize: options.limits.maxHeaderListSize,
    enableConnectProtocol: !isClient && options.enableConnectProtocol,
  };
}

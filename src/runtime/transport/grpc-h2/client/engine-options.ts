import type { ConnectionOptions } from "../../../h2/index.js";
import type { ResolvedChannelOptions } from "./channel-options.js";

/** What HTTP/2 itself is told of a channel's options. */
export function engineOptions(options: ResolvedChannelOptions): ConnectionOptions {
  const { maxMetadataBytes, maxMetadataPairs, streamWindowBytes, maxUnreadBytes, connectTimeoutMs } = options;
  return {
    limits: {
      maxHeaderListSize: maxMetadataBytes,
      maxHeaderPairs: maxMetadataPairs,
      prefaceTimeoutMs: connectTimeoutMs,
    },
    initialWindowSize: Math.min(65_535, streamWindowBytes),
    maxWindowSize: streamWindowBytes,
    windowBudget: maxUnreadBytes,
  };
}

import type { ConnectionOptions } from "../../../h2/index.js";
import type { ResolvedServerOptions } from "./server-options.js";

/** Seconds of a rate that may come at once. */
const BURST = 10;

/** What HTTP/2 itself is told of a server's options. */
export function engineOptions(options: ResolvedServerOptions): ConnectionOptions {
  return {
    limits: {
      maxHeaderListSize: options.maxMetadataBytes,
      maxHeaderPairs: options.maxMetadataPairs,
      headerTimeoutMs: options.handshakeTimeoutMs,
      prefaceTimeoutMs: options.handshakeTimeoutMs,
      controlBurst: 2 * options.maxControlFramesPerSecond,
      controlsPerSecond: options.maxControlFramesPerSecond,
      resetBurst: BURST * options.maxResetsPerSecond,
      resetsPerSecond: options.maxResetsPerSecond,
      emptyFrameBurst: BURST * options.maxEmptyFramesPerSecond,
      emptyFramesPerSecond: options.maxEmptyFramesPerSecond,
      strayFrameBurst: BURST * options.maxStrayFramesPerSecond,
      strayFramesPerSecond: options.maxStrayFramesPerSecond,
      maxHeaderBlockBytes: options.maxHeaderBlockBytes,
      maxContinuations: options.maxContinuationFrames,
      maxControlBacklog: options.maxControlBacklogBytes,
      maxWriteBacklog: options.maxWriteBacklogBytes,
    },
    initialWindowSize: Math.min(65_535, options.streamWindowBytes),
    maxWindowSize: options.streamWindowBytes,
    windowBudget: options.maxUnreadBytes,
    maxConcurrentStreams: options.maxConcurrentStreams,
  };
}

/** Limits that both sides of a connection have. */
export interface Http2Limits {
  /** The largest message that is accepted, inflated. Default 4 MiB (4194304). */
  readonly maxReceiveMessageBytes?: number | undefined;
  /** The largest message that may be sent, before compression. Default: no limit. */
  readonly maxSendMessageBytes?: number | undefined;
  /** The largest block of headers or trailers that is accepted, as HTTP/2 counts it. Default 65535. */
  readonly maxMetadataBytes?: number | undefined;
  /** Bytes a peer may send on one stream before somebody reads them. Default 1 MiB. */
  readonly streamWindowBytes?: number | undefined;
  /**
   * Bytes a peer may have under way on the whole connection. Default 16 MiB for a channel. For a server 512 KiB, reached
   * step by step and only while clients fill the window: not both sides of a connection of node:http2 may have windows
   * wider than the buffers of their sockets.
   */
  readonly connectionWindowBytes?: number | undefined;
  /** Memory one connection may take in HTTP/2 itself before it refuses new streams, in MB. Default 512. */
  readonly maxConnectionMemoryMb?: number | undefined;
}

/** {@link Http2Limits} with the defaults filled in. */
export type ResolvedLimits = { readonly [Limit in keyof Http2Limits]-?: number };

export function resolveLimits(options: Http2Limits, defaults: { connectionWindowBytes: number }): ResolvedLimits {
  return {
    maxReceiveMessageBytes: options.maxReceiveMessageBytes ?? 4 * 1024 * 1024,
    maxSendMessageBytes: options.maxSendMessageBytes ?? Number.POSITIVE_INFINITY,
    maxMetadataBytes: options.maxMetadataBytes ?? 65_535,
    streamWindowBytes: options.streamWindowBytes ?? 1024 * 1024,
    connectionWindowBytes: options.connectionWindowBytes ?? defaults.connectionWindowBytes,
    maxConnectionMemoryMb: options.maxConnectionMemoryMb ?? 512,
  };
}

/** The options of node:http2 that follow from the limits. */
export function sessionOptions(limits: ResolvedLimits): {
  settings: { initialWindowSize: number; maxHeaderListSize: number; enablePush: boolean };
  maxSessionMemory: number;
  maxSendHeaderBlockLength: number;
} {
  return {
    settings: {
      initialWindowSize: limits.streamWindowBytes,
      maxHeaderListSize: limits.maxMetadataBytes,
      enablePush: false,
    },
    maxSessionMemory: limits.maxConnectionMemoryMb,
    maxSendHeaderBlockLength: 1024 * 1024,
  };
}

/** What one side of a connection lets the other do (RFC 9113, section 6.5.2; RFC 8441, section 3). */
export interface Settings {
  /** Bytes of the dynamic HPACK table that the other side may fill. */
  readonly headerTableSize: number;
  /** Whether the other side may push. Always false from us. */
  readonly enablePush: boolean;
  /** Streams that the other side may have open at a time; Infinity where nothing was said. */
  readonly maxConcurrentStreams: number;
  /** Flow-control window of a new stream, in bytes. */
  readonly initialWindowSize: number;
  /** The largest frame payload, 16,384 to 16,777,215 bytes. */
  readonly maxFrameSize: number;
  /** The largest header list, counted as name + value + 32 a pair; Infinity where nothing was said. */
  readonly maxHeaderListSize: number;
  /** Whether the extended CONNECT of RFC 8441 may be used. */
  readonly enableConnectProtocol: boolean;
}

/** What holds before a SETTINGS frame says otherwise. */
export const DEFAULT_SETTINGS: Settings = {
  headerTableSize: 4096,
  enablePush: true,
  maxConcurrentStreams: Number.POSITIVE_INFINITY,
  initialWindowSize: 65_535,
  maxFrameSize: 16_384,
  maxHeaderListSize: Number.POSITIVE_INFINITY,
  enableConnectProtocol: false,
};

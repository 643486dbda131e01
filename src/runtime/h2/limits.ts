/**
 * What a connection takes from a peer before it calls it abuse. A limit that is broken ends the connection with a GOAWAY that names it,
 * unless its text says otherwise. Rates are buckets: so many at once, and so many a second from then on.
 */
export interface Limits {
  /** The largest header list, as SETTINGS_MAX_HEADER_LIST_SIZE counts. A larger one fails its stream alone. Default 65536. Against HPACK bombs. */
  readonly maxHeaderListSize: number;
  /** Pairs in a header list; more fail their stream alone. Default 1024. */
  readonly maxHeaderPairs: number;
  /** Compressed bytes of one header block, over all its frames. Default 1 MiB. Against CONTINUATION floods (CVE-2024-27316 and its family). */
  readonly maxHeaderBlockBytes: number;
  /** CONTINUATION frames of one header block. Default 128. Against CONTINUATION floods of empty frames. */
  readonly maxContinuations: number;
  /** Milliseconds one frame or header block other than DATA may take from its first byte to its last. Default 10000. Against slow headers. */
  readonly headerTimeoutMs: number;
  /** Milliseconds a connection has to send its preface and first SETTINGS. Default 10000. Against half-open sockets. */
  readonly prefaceTimeoutMs: number;
  /** Milliseconds our SETTINGS may stay unacknowledged. Default 30000. (RFC 9113, section 6.5.3) */
  readonly settingsTimeoutMs: number;
  /** Streams that the peer resets, or makes us reset by its faults. Default 1000 at once, 100 a second. Against rapid reset (CVE-2023-44487) and MadeYouReset (CVE-2025-8671). */
  readonly resetBurst: number;
  readonly resetsPerSecond: number;
  /** PING, SETTINGS, PRIORITY and unknown frames. Default 1000 at once, 500 a second. Against floods that cost us answers (CVE-2019-9512, CVE-2019-9515). */
  readonly controlBurst: number;
  readonly controlsPerSecond: number;
  /** DATA frames without data and without END_STREAM. Default 1000 at once, 100 a second. (CVE-2019-9518) */
  readonly emptyFrameBurst: number;
  readonly emptyFramesPerSecond: number;
  /** Frames on streams that are over and forgotten. Default 2000 at once, 200 a second. */
  readonly strayFrameBurst: number;
  readonly strayFramesPerSecond: number;
  /** Answers to PING and SETTINGS, resets and credits that wait for a socket that does not drain, in bytes. Default 1 MiB. Against peers that do not read. */
  readonly maxControlBacklog: number;
  /** Bytes of anything that wait for a socket that does not drain, beyond `maxOutputBytes`, when a further stream is opened. Default 8 MiB. Against clients that ask and do not read. */
  readonly maxWriteBacklog: number;
}

export const DEFAULT_LIMITS: Limits = {
  maxHeaderListSize: 65_536,
  maxHeaderPairs: 1024,
  maxHeaderBlockBytes: 1024 * 1024,
  maxContinuations: 128,
  headerTimeoutMs: 10_000,
  prefaceTimeoutMs: 10_000,
  settingsTimeoutMs: 30_000,
  resetBurst: 1000,
  resetsPerSecond: 100,
  controlBurst: 1000,
  controlsPerSecond: 500,
  emptyFrameBurst: 1000,
  emptyFramesPerSecond: 100,
  strayFrameBurst: 2000,
  strayFramesPerSecond: 200,
  maxControlBacklog: 1024 * 1024,
  maxWriteBacklog: 8 * 1024 * 1024,
};

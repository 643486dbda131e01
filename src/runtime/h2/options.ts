import { DEFAULT_LIMITS, type Limits } from "./limits.js";

/** How a connection behaves; every option has a default. */
export interface ConnectionOptions {
  /** Limits that differ from {@link DEFAULT_LIMITS}. */
  readonly limits?: Partial<Limits> | undefined;
  /** The window of a new stream, announced as SETTINGS_INITIAL_WINDOW_SIZE. Default 65535. */
  readonly initialWindowSize?: number | undefined;
  /** Windows grow up to here by the bandwidth-delay estimate, at both levels; the initial size turns growth off. Default 16 MiB. */
  readonly maxWindowSize?: number | undefined;
  /** Bytes by which the windows of all streams together may exceed the initial size. Default 64 MiB. Bounds what may lie unread. */
  readonly windowBudget?: number | undefined;
  /** Streams a peer may have open at a time (servers). Default 1000. */
  readonly maxConcurrentStreams?: number | undefined;
  /**
   * The largest frame we take, 16,384 to 16,777,215 bytes. Default 16384, and 65536 once a stream is read that has much: a peer sends a
   * message of 64 KB at once then, which costs both ends a third less processor time; larger ones were not faster when measured.
   */
  readonly maxFrameSize?: number | undefined;
  /** Bytes of HPACK table that the peer's encoder may use. Default 4096. */
  readonly headerTableSize?: number | undefined;
  /** Bytes of HPACK table that our encoder uses at most, whatever the peer allows. Default 4096. */
  readonly encoderTableSize?: number | undefined;
  /** Whether headers of this name hold secrets that no HPACK table keeps. Default: credentials and cookies. */
  readonly sensitive?: ((name: string) => boolean) | undefined;
  /** Servers: take the extended CONNECT of RFC 8441. Default false. */
  readonly enableConnectProtocol?: boolean | undefined;
  /** Bytes that may wait for the socket before DATA stays in the queues of its streams. Default 256 KiB. */
  readonly maxOutputBytes?: number | undefined;
}

/** {@link ConnectionOptions} with the defaults filled in. */
export interface ResolvedOptions extends Required<{ [Option in NumberOption]: number }> {
  readonly limits: Limits;
  readonly sensitive: ((name: string) => boolean) | undefined;
  readonly enableConnectProtocol: boolean;
  /** What `maxFrameSize` becomes once a stream is read that has much. */
  readonly readFrameSize: number;
}

type NumberOption = Exclude<keyof ConnectionOptions, "limits" | "sensitive" | "enableConnectProtocol">;

export function resolveOptions(options: ConnectionOptions): ResolvedOptions {
  const initialWindowSize = options.initialWindowSize ?? 65_535;
  return {
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    initialWindowSize,
    maxWindowSize: Math.max(options.maxWindowSize ?? 16 * 1024 * 1024, initialWindowSize),
    windowBudget: options.windowBudget ?? 64 * 1024 * 1024,
    maxConcurrentStreams: options.maxConcurrentStreams ?? 1000,
    maxFrameSize: options.maxFrameSize ?? 16_384,
    readFrameSize: options.maxFrameSize ?? 65_536,
    headerTableSize: options.headerTableSize ?? 4096,
    encoderTableSize: options.encoderTableSize ?? 4096,
    sensitive: options.sensitive,
    enableConnectProtocol: options.enableConnectProtocol ?? false,
    maxOutputBytes: options.maxOutputBytes ?? 256 * 1024,
  };
}

import { type OptionNames, refuseUnknown } from "../../core/known-options.js";

/** How much a channel does to send calls again. What is to be sent again, and when, says the service config. */
export interface RetryOptions {
  /** The most attempts of one call, the first included; a policy that names more is cut to it (gRFC A6). From 1 on. Default 5. */
  readonly maxAttempts?: number | undefined;
  /** Bytes of requests one call keeps in order to send them again; a call that sends more is not retried. Default 256 KiB (262144). */
  readonly bufferBytesPerCall?: number | undefined;
  /** Bytes that all calls of the channel keep; a call that finds no room is not retried. Default 16 MiB (16777216). */
  readonly bufferBytes?: number | undefined;
}

export type RetryLimits = { readonly [Limit in keyof RetryOptions]-?: number };

const NAMES: OptionNames<RetryOptions> = { maxAttempts: true, bufferBytesPerCall: true, bufferBytes: true };

/**
 * `false` sends nothing again, whatever the service config says: for programs that retry by themselves.
 * @throws TypeError for an unknown option, or one that is no number from its least on.
 */
export function retryLimits(options: RetryOptions | false = {}): RetryLimits {
  if (options === false) return { maxAttempts: 1, bufferBytesPerCall: 0, bufferBytes: 0 };
  refuseUnknown(options, NAMES, "retries");
  return {
    maxAttempts: atLeast(1, "maxAttempts", options.maxAttempts ?? 5),
    bufferBytesPerCall: atLeast(0, "bufferBytesPerCall", options.bufferBytesPerCall ?? 256 * 1024),
    bufferBytes: atLeast(0, "bufferBytes", options.bufferBytes ?? 16 * 1024 * 1024),
  };
}

function atLeast(least: number, name: string, value: unknown): number {
  if (typeof value === "number" && value >= least) return value;
  throw new TypeError(`retries.${name} must be a number from ${least} on, not ${String(value)}`);
}

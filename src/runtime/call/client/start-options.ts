import { monotonicMs, monotonicOf } from "../../core/clock.js";
import { isMetadata, Metadata } from "../../core/metadata.js";
import type { StartOptions } from "../../transport/transport.js";
import type { CallOptions, MetadataInit } from "./call-options.js";

const DEFAULT_HIGH_WATER_MARK = 160 * 1024;

/** The options of a call as a transport takes them. Throws a TypeError for a value that is none. */
export function startOptions(options: CallOptions): StartOptions {
  return {
    metadata: toMetadata(options.metadata),
    deadline: deadlineOf(options),
    waitForReady: options.waitForReady ?? false,
    compression: options.compression ?? "identity",
    highWaterMark: options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK,
  };
}

/** The earlier of `timeoutMs` and `deadline`, on the monotonic clock; Infinity for neither. */
function deadlineOf(options: CallOptions): number {
  const { timeoutMs, deadline } = options;
  if (timeoutMs === undefined && deadline === undefined) return Number.POSITIVE_INFINITY;
  const byTimeout = timeoutMs === undefined ? Number.POSITIVE_INFINITY : monotonicMs() + timeoutMs;
  const byDeadline = deadline === undefined ? Number.POSITIVE_INFINITY : monotonicOf(Number(deadline));
  if (Number.isNaN(byTimeout)) throw new TypeError("timeoutMs is not a number");
  if (Number.isNaN(byDeadline)) throw new TypeError("deadline is not a valid Date or number");
  return Math.min(byTimeout, byDeadline);
}

/** A Metadata of the call's own, so that nobody's changes meet. */
export function toMetadata(init: MetadataInit | undefined): Metadata {
  const metadata = new Metadata();
  if (init === undefined) return metadata;
  if (isMetadata(init)) {
    metadata.merge(init);
    return metadata;
  }
  for (const [key, values] of Object.entries(init)) {
    for (const value of isList(values) ? values : [values]) metadata.add(key, value);
  }
  return metadata;
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

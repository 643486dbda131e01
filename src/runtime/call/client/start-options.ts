import { monotonicMs, monotonicOf } from "../../core/clock.js";
import { refuseUnknown } from "../../core/known-options.js";
import { isMetadata, type Metadata } from "../../core/metadata.js";
import type { StartOptions } from "../../transport/transport.js";
import { type CallOptions, callOptionNames, NO_OPTIONS } from "./call-options.js";
import { type MetadataInit, toMetadata } from "./metadata-init.js";

const DEFAULT_HIGH_WATER_MARK = 160 * 1024;

/** The options of a call as a transport takes them. Throws a TypeError for an unknown option, and for a value that the option does not take. */
export function startOptions(options: CallOptions): StartOptions {
  if (options !== NO_OPTIONS) refuseUnknown(options, callOptionNames, "a call");
  const metadata = toMetadata(options.metadata);
  if (options.parent !== undefined) continueTrace(options.parent.metadata, metadata);
  return {
    metadata,
    deadline: deadlineOf(options),
    waitForReady: options.waitForReady ?? waitForReadyOf(options.metadata),
    compression: options.compression ?? "identity",
    highWaterMark: options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK,
    context: options.context,
  };
}

/** The earliest of `timeoutMs`, `deadline` and the parent's, on the monotonic clock; Infinity for none. */
function deadlineOf(options: CallOptions): number {
  const { timeoutMs, deadline, parent } = options;
  if (timeoutMs === undefined && deadline === undefined && parent === undefined) return Number.POSITIVE_INFINITY;
  const byTimeout = timeoutMs === undefined ? Number.POSITIVE_INFINITY : monotonicMs() + timeoutMs;
  const byDeadline = deadline === undefined ? Number.POSITIVE_INFINITY : monotonicOf(Number(deadline));
  if (Number.isNaN(byTimeout)) throw new TypeError("timeoutMs is not a number");
  if (Number.isNaN(byDeadline)) throw new TypeError("deadline is not a valid Date or number");
  const byParent = parent === undefined ? Number.POSITIVE_INFINITY : monotonicMs() + parent.timeoutMs();
  return Math.min(byTimeout, byDeadline, byParent);
}

/** What carries a trace: W3C Trace Context, and gRPC's own form of it in OpenCensus. */
const TRACE_KEYS = ["traceparent", "tracestate", "grpc-trace-bin"];

function continueTrace(parent: Metadata, metadata: Metadata): void {
  for (const key of TRACE_KEYS) {
    if (metadata.get(key).length > 0) continue;
    for (const value of parent.get(key)) metadata.add(key, value);
  }
}

/** grpc-js says it in the options of its Metadata. */
function waitForReadyOf(init: MetadataInit | undefined): boolean | undefined {
  if (!isMetadata(init) || !("getOptions" in init) || typeof init.getOptions !== "function") return undefined;
  const options: { waitForReady?: unknown } = init.getOptions();
  return options.waitForReady === undefined ? undefined : options.waitForReady === true;
}

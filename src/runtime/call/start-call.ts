import { Metadata } from "../core/metadata.js";
import type { AnyMethod, Method } from "../core/method.js";
import type { Channel, ClientListener, ClientStream, StartOptions } from "../transport/transport.js";
import type { CallOptions, Interceptor, MetadataInit } from "./call-options.js";

const DEFAULT_HIGH_WATER_MARK = 160 * 1024;

/** The options of a call as a transport takes them. */
export function startOptions(options: CallOptions): StartOptions {
  return {
    metadata: toMetadata(options.metadata),
    deadline: deadlineOf(options),
    waitForReady: options.waitForReady ?? false,
    compression: options.compression ?? "identity",
    highWaterMark: options.highWaterMark ?? DEFAULT_HIGH_WATER_MARK,
  };
}

/** The earlier of `timeoutMs` and `deadline`, in milliseconds since the epoch; Infinity for neither. */
function deadlineOf(options: CallOptions): number {
  const { timeoutMs, deadline } = options;
  const byTimeout = timeoutMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + timeoutMs;
  const byDeadline = deadline === undefined ? Number.POSITIVE_INFINITY : Number(deadline);
  if (Number.isNaN(byTimeout)) throw new TypeError("timeoutMs is not a number");
  if (Number.isNaN(byDeadline)) throw new TypeError("deadline is not a valid Date or number");
  return Math.min(byTimeout, byDeadline);
}

/** A Metadata of the call's own, so that nobody's changes meet. */
export function toMetadata(init: MetadataInit | undefined): Metadata {
  if (init instanceof Metadata) return init.clone();
  const metadata = new Metadata();
  if (init === undefined) return metadata;
  for (const [key, values] of Object.entries(init)) {
    for (const value of isList(values) ? values : [values]) {
      if (typeof value === "string" && key.toLowerCase().endsWith("-bin")) {
        throw new TypeError(`metadata "${key}" takes a Uint8Array, not text: its name ends in -bin`);
      }
      metadata.add(key, typeof value === "string" ? value : Buffer.from(value));
    }
  }
  return metadata;
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}

/** Starts a call through the interceptors; the first is the outermost. */
export function startThrough<Out, InInit>(
  channel: Channel,
  interceptors: readonly Interceptor[] | undefined,
  method: Method<AnyMethod["kind"], unknown, InInit, Out, never>,
  options: StartOptions,
  listener: ClientListener<Out>,
): ClientStream<InInit> {
  if (interceptors === undefined || interceptors.length === 0) return channel.start(method, options, listener);
  return intercepted(channel, interceptors)(method, options, listener);
}

/** The `start` of a channel behind interceptors. */
export function intercepted(channel: Channel, interceptors: readonly Interceptor[]): Channel["start"] {
  const start: Channel["start"] = (method, options, listener) => channel.start(method, options, listener);
  return interceptors.reduceRight((next, interceptor) => interceptor(next), start);
}

/** The stream of a call that never started. */
export const NO_STREAM: ClientStream<unknown> = {
  peer: "unknown",
  write: () => true,
  closeSend: () => {},
  cancel: () => {},
  pause: () => {},
  resume: () => {},
};

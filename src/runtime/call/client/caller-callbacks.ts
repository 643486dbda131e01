import { captureContext } from "../../core/async-context.js";
import type { Metadata } from "../../core/metadata.js";
import { observe } from "../../core/observe.js";
import { messageOf } from "../../core/rpc-error.js";
import type { CallOptions } from "./call-options.js";

/** What a callback threw, which ends the call. */
export interface ThrownByCallback {
  readonly details: string;
  readonly cause: unknown;
}

/** Runs a callback of the options, where it is there. */
export type CallerCallbacks = (name: "onHeader" | "onTrailer", metadata: Metadata) => ThrownByCallback | undefined;

/**
 * The callbacks of a call's options; undefined where there are none. They run in the asynchronous context in which the call was
 * made (P18).
 */
export function callerCallbacks(options: CallOptions): CallerCallbacks | undefined {
  if (options.onHeader === undefined && options.onTrailer === undefined) return undefined;
  const inContext = captureContext();
  return (name, metadata) => {
    const callback = options[name];
    try {
      inContext(() => observe(callback?.(metadata)));
      return undefined;
    } catch (cause) {
      return { details: `${name} threw: ${messageOf(cause)}`, cause };
    }
  };
}

import { RpcError, statusObject } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import type { SendingHalf } from "../sending-half.js";
import type { ServerCallCore } from "./call-core.js";

/**
 * Ends a call with many responses as what its handler returned says: nothing, for it has sent them, or an iterable of them, which is
 * sent first. Any other value is an error, as its messages would be lost silently.
 *
 * @returns what is to be waited for before the handler counts as done; undefined where that is nothing
 */
export function sendOutcome<In, OutInit>(
  returned: unknown,
  sending: SendingHalf<OutInit>,
  core: ServerCallCore<In, OutInit>,
): Promise<void> | undefined {
  if (returned === undefined) {
    core.finish(statusObject(status.OK, ""));
    return undefined;
  }
  if (isIterable(returned)) {
    const sent = sending.sendAll(returned as Iterable<OutInit>); // the handler's type says what it yields; the codec checks
    return sent.then(() => core.finish(statusObject(status.OK, "")));
  }
  const can = "it may return an iterable of messages, or nothing";
  core.broken(new RpcError(status.INTERNAL, `the handler of ${core.method.path} returned ${nameOf(returned)}; ${can}`));
  return undefined;
}

function isIterable(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

function nameOf(value: unknown): string {
  if (value === null) return "null";
  return typeof value === "object"
    ? `an object (${value.constructor?.name ?? "without a class"})`
    : `a ${typeof value}`;
}

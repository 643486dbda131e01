import { RpcError } from "../../core/rpc-error.js";
import { status } from "../../core/status.js";
import type { SendingHalf } from "../sending-half.js";
import type { ServerCallCore } from "./call-core.js";

/**
 * What the handler of a call with many responses returned: nothing, for it has sent them, or an iterable of them (or a
 * promise of one), which is sent. Any other value is an error, as its messages would be lost silently.
 */
export async function sendOutcome<In, OutInit>(
  outcome: unknown,
  sending: SendingHalf<OutInit>,
  core: ServerCallCore<In, OutInit>,
): Promise<void> {
  const returned = await outcome;
  if (returned === undefined) return;
  if (!isIterable(returned)) {
    const can = "it may return an iterable of messages, or nothing";
    const details = `the handler of ${core.method.path} returned ${nameOf(returned)}; ${can}`;
    core.broken(new RpcError(status.INTERNAL, details));
    return;
  }
  await sending.sendAll(returned as Iterable<OutInit>); // the handler's type says what it yields; the codec checks
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

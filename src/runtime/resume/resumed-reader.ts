import { ClientCallObject } from "../call/client/call-object.js";
import type { ClientReader } from "../call/client/types.js";
import type { ResumeOptions, ResumeToken } from "./resume-options.js";
import { type OpenReader, ResumedCall } from "./resumed-call.js";

/**
 * A stream of messages that outlives its servers: when a call ends as it should not, another one is made that begins behind the
 * last message, and the reader goes on. At most one call is open at a time; no token is delivered twice; what a call had
 * delivered before its end comes first.
 *
 * What follows the status of a call (option `statuses`): OK and CANCELLED end the reader without an error; UNAVAILABLE, which a lost connection is
 * too, and DEADLINE_EXCEEDED go on after a backoff, and so does a stream that the server reset with CANCEL, as servers that go away do;
 * RESOURCE_EXHAUSTED goes on after ten times that; every other one is thrown. Where the status carries a `google.rpc.RetryInfo`, that
 * is the wait. The backoff doubles with each call, has jitter, and begins anew after a call that was healthy for long. A channel that
 * was closed ends the reader.
 *
 * The result is a ClientReader like that of a call: `header` is the first that came; `trailer` and `status` are those of the end; `peer`
 * and `connection` are those of the open call. `cancel`, `signal`, `break` and leaving an `await using` block end it at once, in a wait
 * too, and as with any reader that is CANCELLED to whoever reads on. A factory that throws ends it: with the RpcError it threw, else with
 * INTERNAL. `token`, `onResume`, `onDuplicate` or `statuses` that throws ends it with CANCELLED and the error as its cause, after
 * the messages that came before.
 *
 * @param open makes the call behind a token: undefined for the first call, unless `after` is given. The server may begin with the
 * message of that token itself, or some messages earlier.
 * @throws TypeError for an unknown option, or a value that the option does not take.
 * @example
 * ```ts
 * const readings = resume((after?: string) => weather.watch({ name: "Oslo", after }), {
 *   token: (reading) => reading.id,
 *   idleTimeoutMs: 30_000,
 *   onResume: ({ attempt, error }) => console.warn(`again (${attempt}): ${error?.message}`),
 * });
 * for await (const reading of readings) console.log(reading.celsius);
 * ```
 */
export function resume<Message, Token extends ResumeToken>(
  open: (after: Token | undefined) => ClientReader<Message>,
  options: ResumeOptions<Message, Token>,
): ClientReader<Message> {
  return new ResumedReader<Message, Token>(open, options);
}

/** The object that users get: the members of `ClientReader` only. */
class ResumedReader<Message, Token extends ResumeToken> extends ClientCallObject implements ClientReader<Message> {
  readonly #call: ResumedCall<Message, Token>;

  constructor(open: OpenReader<Message, Token>, options: ResumeOptions<Message, Token>) {
    const call = new ResumedCall<Message, Token>(open, options);
    super(call);
    this.#call = call;
  }

  recv(): Promise<Message | undefined> {
    return this.#call.recv();
  }

  batches(): AsyncIterable<Message[]> {
    return this.#call.batches();
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Message, undefined> {
    return this.#call.messages();
  }
}

import { Deferred, rejected } from "../core/deferred.js";
import { status } from "../core/metadata.js";
import { RpcError } from "../core/rpc-error.js";
import { ACCEPTED, Pump, type Sender } from "./pump.js";

/** What a gate writes to: the sending half of a transport's stream. */
export interface MessageSink<Init> {
  write(message: Init): boolean;
}

/** Hears of a message that could not be encoded; ends the call, and the gate with it. */
export interface EncodingFailureListener {
  encodingFailed(error: RpcError): void;
}

const NOT_ACCEPTED = Promise.resolve(false);

/** Answers every further send. */
type Answer = () => Promise<boolean>;

const notAccepted: Answer = () => NOT_ACCEPTED;

/** A mistake of the program, told apart from the call's end. Made when it happens: a stack costs as much as a call. */
const afterHalfClose: Answer = () =>
  rejected(new RpcError(status.INTERNAL, "send was called after the sending side was closed"));

/**
 * The sending half of a call: hands messages to the transport, and answers each send with a shared promise: accepted,
 * wait for room, or over (P2, P8).
 */
export class SendGate<Init> {
  readonly #owner: EncodingFailureListener;
  /** What all senders wait for while there is no room. */
  #room: Deferred<boolean> | undefined;
  /** Set once nothing more can be sent. */
  #closed: Answer | undefined;
  #pumps: Set<Pump<Init>> | undefined;

  constructor(owner: EncodingFailureListener) {
    this.#owner = owner;
  }

  send(message: Init, sink: MessageSink<Init>): Promise<boolean> {
    if (this.#closed !== undefined) return this.#closed();
    try {
      if (sink.write(message)) return this.#room === undefined ? ACCEPTED : this.#room.promise;
    } catch (cause) {
      const error = new RpcError(status.INTERNAL, `the message cannot be encoded: ${messageOf(cause)}`, { cause });
      this.#owner.encodingFailed(error);
      return this.#answer() ?? rejected(error);
    }
    this.#room ??= new Deferred();
    return this.#room.promise;
  }

  #answer(): Promise<boolean> | undefined {
    return this.#closed?.();
  }

  /** Sends all; `false` where the call ended with OK before that. */
  sendAll(messages: Iterable<Init> | AsyncIterable<Init>, sender: Sender<Init>): Promise<boolean> {
    if (this.#closed !== undefined) return this.#closed();
    const pump = new Pump(sender, messages);
    this.#pumps ??= new Set();
    this.#pumps.add(pump);
    return pump.run(() => this.#pumps?.delete(pump));
  }

  /** There is room again. */
  onDrain(): void {
    const room = this.#room;
    this.#room = undefined;
    room?.resolve(true);
  }

  /** The owner half-closed. */
  closeSend(): void {
    this.#closed ??= afterHalfClose;
  }

  /** The call ended: with this error, or with OK. */
  end(error: RpcError | undefined): void {
    this.#closed = error === undefined ? notAccepted : () => rejected(error);
    const room = this.#room;
    this.#room = undefined;
    if (error === undefined) room?.resolve(false);
    else room?.reject(error);
    const pumps = this.#pumps;
    this.#pumps = undefined;
    if (pumps !== undefined) for (const pump of pumps) pump.stop(error);
  }
}

/** The text of whatever was thrown. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

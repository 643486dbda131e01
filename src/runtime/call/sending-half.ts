import { Deferred, rejected } from "../core/deferred.js";
import { messageOf, RpcError } from "../core/rpc-error.js";
import * as Code from "../core/status-code.js";
import type { MessageRun } from "../transport/transport.js";
import { ACCEPTED, Pump, type PumpOwner } from "./pump.js";

/** What is written to: the sending side of a transport's stream. */
export interface MessageSink<Init> {
  write(message: Init): boolean;
  /** As `write`, for the next messages of a run; at least for one. */
  writeRun?(run: MessageRun<Init>): boolean;
}

/** Whose messages are sent. */
export interface SendingOwner {
  /** A message could not be encoded, or is too large: ends the call. */
  sendFailed(error: RpcError): void;
  /** What `sendAll` was given threw: ends the call. */
  sourceFailed(error: unknown): void;
  /** What `sendAll` was given threw when the call was over. */
  lateFailure(error: unknown): void;
}

const NOT_ACCEPTED = Promise.resolve(false);
const NOWHERE: MessageSink<unknown> = { write: () => true };

/** Answers every further send. */
type Answer = () => Promise<boolean>;

const notAccepted: Answer = () => NOT_ACCEPTED;

/** A misuse of the API, as opposed to the end of the call. Created only when it happens, as a stack trace costs as much as a call. */
const afterHalfClose: Answer = () =>
  rejected(new RpcError(Code.INTERNAL, "send was called after the sending side was closed"));

/**
 * The sending half of a call: hands messages to the transport, and answers each send with a shared promise: accepted,
 * wait for room, or over (P2, P8).
 */
export class SendingHalf<Init> implements PumpOwner<Init> {
  readonly #owner: SendingOwner;
  #sink: MessageSink<Init> = NOWHERE;
  /** What all senders wait for while there is no room. */
  #room: Deferred<boolean> | undefined;
  /** Set once nothing more can be sent. */
  #closed: Answer | undefined;
  #pumps: Set<Pump<Init>> | undefined;

  constructor(owner: SendingOwner) {
    this.#owner = owner;
  }

  /** Where the messages go. */
  set sink(sink: MessageSink<Init>) {
    this.#sink = sink;
  }

  /** As `MessageSender.send` says. */
  send(message: Init): Promise<boolean> {
    if (this.#closed !== undefined) return this.#closed();
    try {
      return this.#written(this.#sink.write(message));
    } catch (cause) {
      return this.#failed(cause);
    }
  }

  /** As {@link send}, for the next messages of a run: as many as the sink takes at a time. */
  sendRun(run: MessageRun<Init>): Promise<boolean> {
    const sink = this.#sink;
    if (sink.writeRun === undefined) return this.send(run.messages[run.at++]!);
    if (this.#closed !== undefined) return this.#closed();
    try {
      return this.#written(sink.writeRun(run));
    } catch (cause) {
      return this.#failed(cause);
    }
  }

  /** As `MessageSender.sendAll` says. */
  sendAll(messages: Iterable<Init> | AsyncIterable<Init>): Promise<boolean> {
    if (this.#closed !== undefined) return this.#closed();
    const pump = new Pump(messages, this);
    this.#pumps ??= new Set();
    this.#pumps.add(pump);
    return pump.run();
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

  /** The call ended: with the error that `error` makes, or with OK. */
  end(error: (() => RpcError) | undefined): void {
    this.#closed = error === undefined ? notAccepted : () => rejected(error());
    const room = this.#room;
    this.#room = undefined;
    if (error === undefined) room?.resolve(false);
    else room?.reject(error());
    const pumps = this.#pumps;
    this.#pumps = undefined;
    if (pumps !== undefined) for (const pump of pumps) pump.stop(error?.());
  }

  sourceFailed(error: unknown): void {
    this.#owner.sourceFailed(error);
  }

  lateFailure(error: unknown): void {
    this.#owner.lateFailure(error);
  }

  pumpDone(pump: Pump<Init>): void {
    this.#pumps?.delete(pump);
  }

  #written(hasRoom: boolean): Promise<boolean> {
    if (!hasRoom) this.#room ??= new Deferred();
    return this.#room === undefined ? ACCEPTED : this.#room.promise;
  }

  #failed(cause: unknown): Promise<boolean> {
    const error = notSent(cause);
    this.#owner.sendFailed(error);
    return this.#closed?.() ?? rejected(error);
  }
}

/** The error for a message that was not sent: RESOURCE_EXHAUSTED past a limit, INTERNAL for any other error of the codec. */
export function notSent(cause: unknown): RpcError {
  if (cause instanceof RpcError) return cause;
  return new RpcError(Code.INTERNAL, `the message cannot be encoded: ${messageOf(cause)}`, { cause });
}

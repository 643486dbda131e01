import { Deferred, rejected } from "../core/deferred.js";
import { status as Status } from "../core/metadata.js";
import type { RpcError, StatusObject } from "../core/rpc-error.js";
import { ClientCallBase } from "./client-call.js";
import type { ClientWriter } from "./client-types.js";
import { messageOf, SendGate } from "./send-gate.js";

/**
 * A call with one response. None or several of them are UNIMPLEMENTED, as the table of the gRPC status code document
 * asks ("response cardinality violation").
 */
abstract class ResponseCall<InInit, Out> extends ClientCallBase<InInit, Out> {
  #responses: Out[] = [];
  #outcome: { readonly error: RpcError | undefined } | undefined;
  #promise: Deferred<Out> | undefined;

  /** The response; rejects with the call's RpcError. */
  protected get response(): Promise<Out> {
    if (this.#promise === undefined) {
      if (this.#outcome?.error !== undefined) return rejected(this.#outcome.error);
      this.#promise = new Deferred();
      if (this.#outcome !== undefined) this.#promise.resolve(this.#responses[0] as Out); // OK has exactly one
    }
    return this.#promise.promise;
  }

  protected override received(batch: Out[]): void {
    this.#responses = this.#responses.length === 0 ? batch : this.#responses.concat(batch);
    if (this.#responses.length > 1) this.end(Status.UNIMPLEMENTED, "the server sent more than one response");
  }

  protected override judge(status: StatusObject): StatusObject {
    if (status.code !== Status.OK || this.#responses.length === 1) return status;
    return { ...status, code: Status.UNIMPLEMENTED, details: "the server ended with OK but sent no response" };
  }

  protected override ended(error: RpcError | undefined): void {
    this.#outcome = { error };
    if (error === undefined)
      this.#promise?.resolve(this.#responses[0] as Out); // OK has exactly one
    else this.#promise?.reject(error);
  }
}

/** One request, one response. */
export class UnaryCall<InInit, Out> extends ResponseCall<InInit, Out> {
  /** Sends the request and waits for the response. */
  exchange(request: InInit): Promise<Out> {
    try {
      this.stream.write(request);
      this.stream.closeSend();
    } catch (cause) {
      this.end(Status.INTERNAL, `the message cannot be encoded: ${messageOf(cause)}`, cause);
    }
    return this.response;
  }
}

/** Many requests, one response. */
export class WriterCall<InInit, Out> extends ResponseCall<InInit, Out> implements ClientWriter<InInit, Out> {
  readonly #gate: SendGate<InInit> = new SendGate(this);
  #closed = false;

  send(message: InInit): Promise<boolean> {
    this.touch();
    return this.#gate.send(message, this.stream);
  }

  sendAll(messages: Iterable<InInit> | AsyncIterable<InInit>): Promise<boolean> {
    return this.#gate.sendAll(messages, this);
  }

  closeAndRecv(): Promise<Out> {
    if (!this.#closed && !this.isOver) {
      this.#closed = true;
      this.#gate.closeSend();
      this.stream.closeSend();
    }
    return this.response;
  }

  encodingFailed(error: RpcError): void {
    this.end(error.code, error.details, error.cause);
  }

  override onDrain(): void {
    super.onDrain();
    this.#gate.onDrain();
  }

  protected override ended(error: RpcError | undefined): void {
    super.ended(error);
    this.#gate.end(error);
  }
}

import { status as Status } from "../core/metadata.js";
import type { AnyMethod } from "../core/method.js";
import { RpcError } from "../core/rpc-error.js";
import type { ServerStream } from "../transport/transport.js";
import { messageOf, SendGate } from "./send-gate.js";
import { type HandlerErrorListener, okStatus, ServerCallBase } from "./server-call.js";
import { pumpOutcome } from "./server-pump.js";
import type { ServerWriter } from "./server-types.js";

/**
 * A call with one request. The handler runs once the request is complete; none or several are UNIMPLEMENTED, as the
 * table of the gRPC status code document asks ("request cardinality violation").
 */
abstract class SingleRequestCall<In, OutInit> extends ServerCallBase<In, OutInit> {
  #requests: In[] = [];

  onMessages(batch: In[]): void {
    if (this.isOver) return;
    this.#requests = this.#requests.length === 0 ? batch : this.#requests.concat(batch);
    if (this.#requests.length > 1) {
      this.finish(new RpcError(Status.UNIMPLEMENTED, `${this.method.path} takes one request, but several came`));
    }
  }

  onHalfClose(): void {
    if (this.isOver) return;
    if (this.#requests.length === 0) {
      this.finish(new RpcError(Status.UNIMPLEMENTED, `${this.method.path} takes one request, but none came`));
      return;
    }
    const request = this.#requests[0] as In; // there is exactly one
    this.run(() => this.invoke(request));
  }

  protected abstract invoke(request: In): unknown;
}

/** One request, one response. */
export class UnaryServerCall<In, OutInit> extends SingleRequestCall<In, OutInit> {
  readonly #handler: (request: In, call: UnaryServerCall<In, OutInit>) => unknown;

  constructor(
    stream: ServerStream<OutInit>,
    method: AnyMethod,
    onError: HandlerErrorListener,
    handler: (request: In, call: UnaryServerCall<In, OutInit>) => unknown,
  ) {
    super(stream, method, onError);
    this.#handler = handler;
  }

  protected invoke(request: In): unknown {
    return this.#handler(request, this);
  }

  protected completed(response: unknown): void {
    if (this.isOver) return;
    if (response === undefined || response === null) {
      this.broken(new RpcError(Status.INTERNAL, `the handler of ${this.method.path} returned no message`));
      return;
    }
    try {
      this.stream.write(response as OutInit); // the codec throws where it is not
    } catch (cause) {
      const details = `the response of ${this.method.path} cannot be encoded: ${messageOf(cause)}`;
      this.broken(new RpcError(Status.INTERNAL, details, { cause }));
      return;
    }
    this.finish(okStatus());
  }

  protected ended(): void {}
}

/** One request, a stream of responses. */
export class WriterServerCall<In, OutInit> extends SingleRequestCall<In, OutInit> implements ServerWriter<OutInit> {
  readonly #gate: SendGate<OutInit> = new SendGate(this);
  readonly #handler: (request: In, call: ServerWriter<OutInit>) => unknown;

  constructor(
    stream: ServerStream<OutInit>,
    method: AnyMethod,
    onError: HandlerErrorListener,
    handler: (request: In, call: ServerWriter<OutInit>) => unknown,
  ) {
    super(stream, method, onError);
    this.#handler = handler;
  }

  send(message: OutInit): Promise<boolean> {
    return this.#gate.send(message, this.stream);
  }

  sendAll(messages: Iterable<OutInit> | AsyncIterable<OutInit>): Promise<boolean> {
    return this.#gate.sendAll(messages, this);
  }

  encodingFailed(error: RpcError): void {
    this.broken(error);
  }

  override onDrain(): void {
    this.#gate.onDrain();
  }

  protected invoke(request: In): unknown {
    return pumpOutcome(this.#handler(request, this), this);
  }

  protected completed(): void {
    this.finish(okStatus());
  }

  protected ended(error: RpcError | undefined): void {
    this.#gate.end(error);
  }
}

import { type Attributes, type Span, SpanStatusCode } from "@opentelemetry/api";
import { monotonicMs } from "../core/clock.js";
import type { AnyMethod } from "../core/method.js";
import { RpcError } from "../core/rpc-error.js";
import { status } from "../core/status.js";
import { nextTurn } from "../core/turn.js";
import { isError, RECEIVED, SENT, statusAttributes } from "./attributes.js";
import type { CallMetrics } from "./metrics.js";

/** The span and the metrics of one call. The call ends once. */
export class CallSpan {
  readonly span: Span;
  readonly #side: "client" | "server";
  readonly #method: AnyMethod;
  readonly #target: string;
  readonly #peer: Attributes;
  readonly #metrics: readonly CallMetrics[];
  readonly #began = monotonicMs();
  readonly #counts: () => { readonly sent: number; readonly received: number };
  #over = false;

  constructor(
    call: { readonly span: Span; readonly side: "client" | "server"; readonly method: AnyMethod },
    place: { readonly target: string; readonly peer: Attributes },
    metrics: readonly CallMetrics[],
    counts: () => { readonly sent: number; readonly received: number },
  ) {
    this.span = call.span;
    this.#side = call.side;
    this.#method = call.method;
    this.#target = place.target;
    this.#peer = place.peer;
    this.#metrics = metrics;
    this.#counts = counts;
    for (const one of metrics) one.started(call.method, place.target);
  }

  /**
   * Ends the span with its call, even where an inner interceptor never returns. That interceptor has one turn to end the span itself,
   * because it may know a better status.
   */
  watch(signal: AbortSignal): void {
    const onAbort = (): void => nextTurn(() => this.#abandoned(signal.reason));
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort, { once: true });
  }

  end(code: status, details: string, attributes: Attributes = {}): void {
    if (this.#over) return;
    this.#over = true;
    const { span } = this;
    const { sent, received } = this.#counts();
    span.setAttributes({ ...attributes, ...statusAttributes(this.#side, code), [SENT]: sent, [RECEIVED]: received });
    if (isError(this.#side, code)) span.setStatus({ code: SpanStatusCode.ERROR, message: details });
    span.end();
    const seconds = (monotonicMs() - this.#began) / 1000;
    for (const one of this.#metrics) one.ended(this.#method, code, seconds, this.#target, this.#peer);
  }

  #abandoned(reason: unknown): void {
    if (reason instanceof RpcError) this.end(reason.code, reason.details);
    else this.end(status.CANCELLED, "the call is over");
  }
}

import { RpcError, type ServerCall, status } from "gen-stubs-runtime";
import { emit } from "./emit.js";

/** Follows one call and says at its end how this side saw it: the same line as the peers print. */
export class Track {
  sent = 0;
  received = 0;
  readonly #call: ServerCall;
  readonly #method: string;
  readonly #timeLeftMs: number;

  constructor(call: ServerCall, method: string) {
    this.#call = call;
    this.#method = method;
    const left = call.timeoutMs();
    this.#timeLeftMs = Number.isFinite(left) ? Math.round(left) : -1;
  }

  /** Runs the handler and reports its outcome: ok, cancelled, deadline or status:N. */
  async run<Result>(handler: () => Promise<Result>): Promise<Result> {
    try {
      const result = await handler();
      this.end(undefined);
      return result;
    } catch (error) {
      this.end(error);
      throw error;
    }
  }

  end(error: unknown): void {
    emit({
      event: "end",
      id: String(this.#call.metadata.get("x-call-id")[0] ?? ""),
      method: this.#method,
      outcome: this.#outcome(error),
      sent: this.sent,
      received: this.received,
      timeLeftMs: this.#timeLeftMs,
    });
  }

  #outcome(error: unknown): string {
    const { signal } = this.#call;
    const cause: unknown = signal.aborted ? signal.reason : error;
    if (cause === undefined) return "ok";
    const code = cause instanceof RpcError ? cause.code : status.UNKNOWN;
    if (!signal.aborted) return `status:${code}`;
    return code === status.CANCELLED ? "cancelled" : code === status.DEADLINE_EXCEEDED ? "deadline" : `aborted:${code}`;
  }
}

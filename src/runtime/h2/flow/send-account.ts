import type { AbuseGuard } from "../abuse-guard.js";
import * as ErrorCode from "../error-code.js";
import { peerFault } from "../errors.js";
import { MAX_31_BIT } from "../frames/constants.js";
import type { EngineStream } from "../streams/engine-stream.js";

/** How much DATA the peer takes, of all streams and of each (RFC 9113, section 5.2), and how much it got. */
export class SendAccount {
  /** DATA frames so far. */
  frames = 0;
  /** The connection's window. */
  #window = 65_535;
  readonly #guard: Pick<AbuseGuard, "earnControls">;

  /** @param guard Lets the peer answer what it gets. */
  constructor(guard: Pick<AbuseGuard, "earnControls">) {
    this.#guard = guard;
  }

  /** Whether the connection's window is open. */
  get open(): boolean {
    return this.#window > 0;
  }

  /** Bytes of this stream that may go now; none where it is not above zero. */
  allows(stream: EngineStream): number {
    return Math.min(stream.sendWindow, this.#window);
  }

  /** Pays for a DATA frame; false, and nothing is paid, where a window is too small for it. */
  pay(stream: EngineStream, bytes: number): boolean {
    if (bytes > stream.sendWindow || bytes > this.#window) return false;
    stream.sendWindow -= bytes;
    this.#window -= bytes;
    this.frames++;
    this.#guard.earnControls(bytes);
    return true;
  }

  /** WINDOW_UPDATE of the connection (RFC 9113, section 6.9.1). */
  widen(increment: number): void {
    if (this.#window + increment > MAX_31_BIT) {
      throw peerFault(ErrorCode.FLOW_CONTROL_ERROR, "the connection's window exceeds 2^31-1");
    }
    this.#window += increment;
  }

  /** WINDOW_UPDATE of a stream; false where that is a fault of the stream's alone. */
  widenStream(stream: EngineStream, increment: number): boolean {
    if (stream.sendWindow + increment > MAX_31_BIT) return false;
    stream.sendWindow += increment;
    return true;
  }

  /** The peer's initial window changed, which may make windows negative (RFC 9113, section 6.9.2). */
  shift(stream: EngineStream, delta: number): void {
    if (!this.widenStream(stream, delta)) {
      throw peerFault(ErrorCode.FLOW_CONTROL_ERROR, "a stream's window exceeds 2^31-1");
    }
  }
}

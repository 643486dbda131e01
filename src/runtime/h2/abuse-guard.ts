import { Bucket } from "./bucket.js";
import * as ErrorCode from "./error-code.js";
import { type ConnectionError, peerFault } from "./errors.js";
import type { Limits } from "./limits.js";

/** What is about to be sent, as far as a guard must know. */
export interface WaitingAnswers {
  /** Bytes of control frames that the socket has not taken. */
  readonly controlBytes: number;
}

/** What a DATA frame costs that the peer's window made tiny: about as many answers as a ping each. */
const DRIBBLE_COST = 3;

/** Counts what costs us more than the peer; every method throws when its limit is broken. */
export class AbuseGuard {
  readonly #answers: WaitingAnswers;
  readonly #maxBacklog: number;
  readonly #controls: Bucket;
  readonly #resets: Bucket;
  readonly #emptyFrames: Bucket;
  readonly #strayFrames: Bucket;

  constructor(limits: Limits, now: () => number, answers: WaitingAnswers) {
    this.#answers = answers;
    this.#maxBacklog = limits.maxControlBacklog;
    this.#controls = new Bucket(limits.controlBurst, limits.controlsPerSecond, now);
    this.#resets = new Bucket(limits.resetBurst, limits.resetsPerSecond, now);
    this.#emptyFrames = new Bucket(limits.emptyFrameBurst, limits.emptyFramesPerSecond, now);
    this.#strayFrames = new Bucket(limits.strayFrameBurst, limits.strayFramesPerSecond, now);
  }

  /** A frame that costs us an answer, or does nothing: PING, SETTINGS, PRIORITY, WINDOW_UPDATE, or an unknown one. */
  control(): void {
    this.#takeControl();
    if (this.#answers.controlBytes > this.#maxBacklog) throw calm("answers pile up that the peer does not read");
  }

  /** The peer's window let through a crumb (CVE-2019-9511). */
  dribble(): void {
    for (let i = 0; i < DRIBBLE_COST; i++) this.#takeControl();
  }

  /**
   * DATA or headers went to the peer: it may answer with a PING (other estimators do) and credits. For each KiB it may credit once
   * more: HAProxy gives back 16 KiB in some large and some very small pieces.
   */
  earnControls(bytes: number): void {
    this.#controls.earn(2 + (bytes >>> 10));
  }

  /** The peer reset a stream, or made us reset it. */
  reset(): void {
    if (!this.#resets.take()) throw calm("too many streams were reset");
  }

  /** A stream came to its proper end. */
  earnReset(): void {
    this.#resets.earn(1);
  }

  emptyFrame(): void {
    if (!this.#emptyFrames.take()) throw calm("too many empty frames");
  }

  strayFrame(): void {
    if (!this.#strayFrames.take()) throw calm("too many frames on streams that are over");
  }

  #takeControl(): void {
    if (!this.#controls.take()) throw calm("too many control frames");
  }
}

function calm(text: string): ConnectionError {
  return peerFault(ErrorCode.ENHANCE_YOUR_CALM, text);
}

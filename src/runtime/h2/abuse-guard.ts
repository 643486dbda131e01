import { Bucket } from "./bucket.js";
import { ConnectionError, ErrorCode } from "./errors.js";
import type { Limits } from "./limits.js";

/** Counts what costs us more than the peer; every method throws when its limit is broken. */
export class AbuseGuard {
  readonly #controls: Bucket;
  readonly #resets: Bucket;
  readonly #emptyFrames: Bucket;
  readonly #strayFrames: Bucket;

  constructor(limits: Limits, now: () => number) {
    this.#controls = new Bucket(limits.controlBurst, limits.controlsPerSecond, now);
    this.#resets = new Bucket(limits.resetBurst, limits.resetsPerSecond, now);
    this.#emptyFrames = new Bucket(limits.emptyFrameBurst, limits.emptyFramesPerSecond, now);
    this.#strayFrames = new Bucket(limits.strayFrameBurst, limits.strayFramesPerSecond, now);
  }

  /** PING, SETTINGS, PRIORITY, WINDOW_UPDATE, an unknown frame, or a window that lets only crumbs through. */
  control(): void {
    if (!this.#controls.take()) throw calm("too many control frames");
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
}

function calm(text: string): ConnectionError {
  return new ConnectionError(ErrorCode.ENHANCE_YOUR_CALM, text, "local");
}

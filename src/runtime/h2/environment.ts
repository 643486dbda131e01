/**
 * What a connection needs of the platform it runs on, given to it from outside: the engine has no clock, no timers and no
 * memory of its own.
 */
export interface Environment {
  /** Milliseconds of a clock that never goes back. */
  now(): number;
  /** Calls `callback` once after `ms` milliseconds; such a timer keeps no process alive. Returns what {@link cancel} takes. */
  after(ms: number, callback: () => void): TimerHandle;
  cancel(timer: TimerHandle): void;
  /** A block of at least `size` bytes, all of an ArrayBuffer, with any content. */
  acquire(size: number): Uint8Array;
  /** Takes a block back that is no longer read. */
  release(block: Uint8Array): void;
}

/** A timer of the platform's; opaque to the engine. */
export type TimerHandle = object;

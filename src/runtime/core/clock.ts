/**
 * Time and timers, taken when the module is loaded (P19): deadlines run on the monotonic clock, and neither a stepped wall
 * clock nor a test's fake timers stop a call.
 */
const { setTimeout, clearTimeout, performance } = globalThis;

/** A timer that is running. */
export type Timer = ReturnType<typeof globalThis.setTimeout>;

/** The longest delay that `setTimeout` takes; a longer one would fire at once. */
export const MAX_DELAY_MS: number = 0x7fff_ffff;

/** Milliseconds on the monotonic clock. Only differences have a meaning. */
export const monotonicMs: () => number = performance.now.bind(performance);

/** The moment on the monotonic clock at which the wall clock says `epochMs`. */
export function monotonicOf(epochMs: number): number {
  return monotonicMs() + (epochMs - Date.now()); // `Date.now` of this moment, a faked one too: the caller computed `epochMs` with it
}

/** The wall clock's time at a moment of the monotonic clock, in milliseconds since the epoch. */
export function epochOf(monotonic: number): number {
  return Date.now() + (monotonic - monotonicMs()); // for display, so by the wall clock
}

/**
 * The `setTimeout` of the platform, even where a test has replaced it. A delay beyond {@link MAX_DELAY_MS} is cut to that. `context` is
 * what the function is given, where it takes something.
 */
export function startTimer(run: () => void, delayMs: number): Timer;
export function startTimer<Context>(run: (context: Context) => void, delayMs: number, context: Context): Timer;
export function startTimer(run: (context: unknown) => void, delayMs: number, context?: unknown): Timer {
  const start: (run: (context: unknown) => void, delayMs: number, context: unknown) => Timer = setTimeout;
  return start(run, Math.min(delayMs, MAX_DELAY_MS), context);
}

/** A timer that does not keep a Node process alive. */
export function startQuietTimer(run: () => void, delayMs: number): Timer;
export function startQuietTimer<Context>(run: (context: Context) => void, delayMs: number, context: Context): Timer;
export function startQuietTimer(run: (context: unknown) => void, delayMs: number, context?: unknown): Timer {
  const timer = startTimer(run, delayMs, context);
  keepAlive(timer, false);
  return timer;
}

/** Sets whether a timer keeps a Node process alive. No effect in browsers. */
export function keepAlive(timer: Timer, alive: boolean): void {
  if (typeof timer !== "object") return;
  if (alive) timer.ref();
  else timer.unref();
}

export function stopTimer(timer: Timer | undefined): void {
  if (timer !== undefined) clearTimeout(timer);
}

const { setImmediate } = globalThis;

/** Microtasks by a promise: `queueMicrotask` makes an AsyncResource each time. */
const settled = Promise.resolve();

/** So many turns may follow one another before timers and sockets get theirs. */
const IN_A_ROW = 64;

/** Runs `callback` when the sockets that have something now were read: all that is sent until then goes out in one write. */
export function afterSockets(callback: () => void): void {
  setImmediate(callback);
}

/**
 * Runs a callback, which must not throw, after the code that runs now: as a microtask, but for every 64th time, so that nothing that goes on without end keeps
 * timers and sockets from theirs.
 */
export function soon(): (callback: () => void) => void {
  let inARow = 0;
  let run: () => void = () => {};
  const later = (): void => {
    inARow = 0;
    run();
  };
  return (callback) => {
    if (++inARow < IN_A_ROW) {
      void settled.then(callback);
      return;
    }
    run = callback;
    setImmediate(later);
  };
}

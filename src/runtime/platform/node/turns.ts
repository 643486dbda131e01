const { setImmediate } = globalThis;

/** Makes microtasks. A promise costs less than `queueMicrotask`, which makes an AsyncResource each time. */
const settled = Promise.resolve();

/** So many microtasks may follow each other before timers and sockets have their turn. */
const IN_A_ROW = 64;

/** Runs `callback` after all sockets that have data now were read, so that one write sends all the output that this causes. */
export function afterSockets(callback: () => void): void {
  setImmediate(callback);
}

/**
 * Runs a callback, which must not throw, after the code that runs now. It is a microtask, except for every 64th time, so that timers and
 * sockets have their turn even where callbacks follow each other without end.
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

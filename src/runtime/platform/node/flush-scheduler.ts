import { nextTurn, soon } from "../../core/turn.js";

/** So many turns with one flush each, in a row, make the next ones be expected to have one too. */
const ALONE_AFTER = 32;
/** After so many flushes that are expected to be the only ones of their turns, two are watched. */
const UNWATCHED = 30;

type Queue = (run: () => void) => void;

/**
 * Decides when connections write what they have to send. Where a turn has one flush, as with single calls, it comes as soon as the code is
 * done that made the output: to wait for the end of the turn would cost such a call 5 to 10 % more. Where a turn has several, of several
 * connections or of one that several callbacks send on, all come at its end: one write then takes what several callbacks sent, and peers
 * are woken less often, without which 64 connections would cost 1.4 times as much.
 *
 * Which of both it is, is learned: turns are counted that have a single flush, and some early flushes are watched to the end of their
 * turn. Flushes must not throw.
 */
export class FlushScheduler {
  readonly #afterMicrotasks: Queue;
  readonly #afterSockets: Queue;
  /** Turns that had one flush, since one had several, as far as they were watched. From {@link ALONE_AFTER} on, flushes come early. */
  #alone = 0;
  /** The end of this turn is awaited, and it has a flush. */
  #watching = false;
  /** Early flushes until two are watched; below 0, how many of the two are. */
  #unwatched = -1;

  /**
   * @param afterMicrotasks Runs something after the code that runs now and all microtasks that follow from it, before the next callback of
   *   the turn (the iteration of the event loop).
   * @param afterSockets Runs something when all sockets that have data now were read.
   */
  constructor(afterMicrotasks: Queue, afterSockets: Queue) {
    this.#afterMicrotasks = afterMicrotasks;
    this.#afterSockets = afterSockets;
  }

  /** Runs the flush once, early or at the end of a turn. Who asks again before it ran gets a second one. */
  schedule(flush: () => void): void {
    if (this.#watching) {
      // This turn has several. Its end counts one, so that none is left then.
      this.#alone = -1;
      this.#unwatched = -1;
    } else if (this.#alone < ALONE_AFTER || --this.#unwatched < 0) {
      // Two early flushes are watched: the first may be the last one of its turn, and the next is then the first of another.
      if (this.#unwatched < -1) this.#unwatched = UNWATCHED;
      this.#watching = true;
      this.#afterSockets(this.#turnEnds);
    }
    (this.#alone < ALONE_AFTER ? this.#afterSockets : this.#afterMicrotasks)(flush);
  }

  readonly #turnEnds = (): void => {
    this.#watching = false;
    this.#alone++;
  };
}

const settled = Promise.resolve();
// V8 looks `then` up anew at each `settled.then`, which is a fortieth of what a message costs that comes alone.
const { then } = Promise.prototype;

/** When the sockets of this process write. */
export const flushes: FlushScheduler = new FlushScheduler(
  // What a microtask asks `process.nextTick` for comes after all microtasks: https://nodejs.org/api/process.html#processnexttickcallback-args
  (run) => void then.call(settled, () => soon(run)),
  nextTurn,
);

import { inCleanContext } from "../core/async-context.js";
import { keepAlive, monotonicMs, startTimer, stopTimer, type Timer } from "../core/clock.js";

/** A call with a deadline, and its place in the queue, which only the queue uses. */
export interface DeadlineEntry {
  /** On the monotonic clock, in milliseconds. */
  readonly deadline: number;
  /** The deadline has passed. Called once, with an empty stack and in no call's asynchronous context. */
  onDeadline(): void;
  deadlineBucket: DeadlineBucket | undefined;
  laterDeadline: DeadlineEntry | undefined;
  earlierDeadline: DeadlineEntry | undefined;
}

/** Deadlines that pass at the same moment. */
export interface DeadlineBucket {
  readonly key: number;
  first: DeadlineEntry | undefined;
}

/** Milliseconds. Deadlines that are this close pass at the same time, so that each is late by this much at most. */
const QUANTUM_MS = 4;

/**
 * The deadlines of all calls of a process, with one timer for all of them. Most calls end long before their deadline: to
 * enter and to leave costs a few assignments. The timer keeps a Node process alive while there is a call.
 */
export class DeadlineQueue {
  readonly #buckets = new Map<number, DeadlineBucket>();
  /** The one that was entered last, which stays though it is empty: the next call's deadline is likely the same. */
  #last: DeadlineBucket = { key: Number.NaN, first: undefined };
  #size = 0;
  #timer: Timer | undefined;
  #armedFor = Number.POSITIVE_INFINITY;

  /** Not for Infinity, and once for each entry. */
  add(entry: DeadlineEntry): void {
    const key = Math.ceil(entry.deadline / QUANTUM_MS);
    const bucket = this.#last.key === key ? this.#last : this.#bucket(key);
    entry.deadlineBucket = bucket;
    entry.laterDeadline = bucket.first;
    if (bucket.first !== undefined) bucket.first.earlierDeadline = entry;
    bucket.first = entry;
    if (key < this.#armedFor) this.#arm(key);
    if (this.#size++ === 0 && this.#timer !== undefined) keepAlive(this.#timer, true);
  }

  /** Does nothing for an entry that has left. */
  remove(entry: DeadlineEntry): void {
    const bucket = entry.deadlineBucket;
    if (bucket === undefined) return;
    if (entry.earlierDeadline === undefined) bucket.first = entry.laterDeadline;
    else entry.earlierDeadline.laterDeadline = entry.laterDeadline;
    if (entry.laterDeadline !== undefined) entry.laterDeadline.earlierDeadline = entry.earlierDeadline;
    entry.deadlineBucket = undefined;
    entry.laterDeadline = undefined;
    entry.earlierDeadline = undefined;
    if (bucket.first === undefined && bucket !== this.#last) this.#buckets.delete(bucket.key);
    if (--this.#size === 0 && this.#timer !== undefined) keepAlive(this.#timer, false);
  }

  #bucket(key: number): DeadlineBucket {
    if (this.#last.first === undefined) this.#buckets.delete(this.#last.key);
    let bucket = this.#buckets.get(key);
    if (bucket === undefined) {
      bucket = { key, first: undefined };
      this.#buckets.set(key, bucket);
    }
    this.#last = bucket;
    return bucket;
  }

  #arm(key: number): void {
    stopTimer(this.#timer);
    this.#armedFor = key;
    const delay = Math.max(0, Math.ceil(key * QUANTUM_MS - monotonicMs()));
    inCleanContext(() => {
      this.#timer = startTimer(onTimer, delay, this);
    });
  }

  /** @internal Entries may enter and leave while others are told. */
  fired(): void {
    this.#timer = undefined;
    this.#armedFor = Number.POSITIVE_INFINITY;
    const now = monotonicMs();
    for (const bucket of [...this.#buckets.values()]) {
      if (bucket.key * QUANTUM_MS > now) continue;
      for (let entry = bucket.first; entry !== undefined; entry = bucket.first) {
        this.remove(entry);
        entry.onDeadline();
      }
      if (bucket === this.#last) this.#last = { key: Number.NaN, first: undefined };
      this.#buckets.delete(bucket.key);
    }
    let next = Number.POSITIVE_INFINITY;
    for (const { key, first } of this.#buckets.values()) if (first !== undefined && key < next) next = key;
    if (next < this.#armedFor) this.#arm(next);
  }
}

function onTimer(queue: DeadlineQueue): void {
  queue.fired();
}

/** The one queue of the process. */
export const deadlines: DeadlineQueue = new DeadlineQueue();

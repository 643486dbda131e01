import { emit } from "../emit.js";

/** Milliseconds of a window. */
const WIDTH = 20;

type Tally = Record<string, number>;

interface Window {
  /** When it ends, in milliseconds since the epoch. */
  t: number;
  /** Answers, by server. */
  ok: Tally;
  /** Failed calls, by status. */
  fail: Tally;
  /** Of the last failed call. */
  why?: string;
  /** Milliseconds of the slowest answer. */
  slowest: number;
  /** Streams that began, by server. */
  opened: Tally;
  /** Streams that ended, by status. */
  ended: Tally;
  /** Messages on streams, by server. */
  echoes: Tally;
}

/** What happened, told by windows of 20 ms: no line where nothing did. */
export class Windows {
  #now = empty();
  #any = false;
  readonly #timer = setInterval(() => this.#flush(), WIDTH);

  answered(server: string, ms: number): void {
    this.#count(this.#now.ok, server);
    this.#now.slowest = Math.max(this.#now.slowest, Math.round(ms));
  }

  failed(code: string, why: string): void {
    this.#count(this.#now.fail, code);
    this.#now.why = why;
  }

  opened(server: string): void {
    this.#count(this.#now.opened, server);
  }

  ended(code: string): void {
    this.#count(this.#now.ended, code);
  }

  echoed(server: string): void {
    this.#count(this.#now.echoes, server);
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#flush();
  }

  #count(tally: Tally, name: string): void {
    tally[name] = (tally[name] ?? 0) + 1;
    this.#any = true;
  }

  #flush(): void {
    if (!this.#any) return;
    this.#any = false;
    emit({ ...this.#now, t: Date.now() });
    this.#now = empty();
  }
}

function empty(): Window {
  return { t: 0, ok: {}, fail: {}, slowest: 0, opened: {}, ended: {}, echoes: {} };
}

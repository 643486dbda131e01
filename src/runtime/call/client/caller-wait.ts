import { type StatusObject, statusObject } from "../../core/rpc-error.js";
import * as Code from "../../core/status-code.js";
import { nextTurn } from "../../core/turn.js";
import type { ClientListener } from "../../transport/transport.js";
import { type DeadlineListener, DeadlineTimer } from "../../wire/deadline-timer.js";

const TOO_LATE = statusObject(
  Code.DEADLINE_EXCEEDED,
  "the deadline passed while interceptors held the end of the call",
);

/**
 * The wait of a caller for the end of a call: from the start until it is told of the status, once. Interceptors may hold both, and may
 * never finish: so the deadline is watched here, and ends the wait without them.
 */
export class CallerWait implements DeadlineListener {
  readonly #call: DeadlineListener;
  readonly #caller: Pick<ClientListener, "onStatus">;
  #deadline: number;
  #timer: DeadlineTimer | undefined;
  /** How the call ended below its interceptors. */
  #ending: StatusObject | undefined;
  /** The deadline has passed. */
  #late = false;
  #over = false;

  /** @param call hears that the deadline has passed before the call ended */
  constructor(call: DeadlineListener, caller: Pick<ClientListener, "onStatus">, deadline: number) {
    this.#call = call;
    this.#caller = caller;
    this.#deadline = deadline;
    this.#timer = DeadlineTimer.start(deadline, this);
  }

  get deadline(): number {
    return this.#deadline;
  }

  set deadline(deadline: number) {
    this.#deadline = deadline;
    this.#timer?.clear();
    if (!this.#over) this.#timer = DeadlineTimer.start(deadline, this);
  }

  /** The call ended below its interceptors, which may still hold that. */
  callEnded(status: StatusObject): void {
    this.#ending = status;
    if (this.#late) this.endSoon();
  }

  /** The caller is told. */
  end(status: StatusObject): void {
    if (this.#over) return;
    this.#over = true;
    this.#timer?.clear();
    this.#caller.onStatus(status);
  }

  /** Ends it whatever interceptors still wait for. They have one turn of the event loop to replace the status. */
  endSoon(): void {
    this.#timer?.clear();
    nextTurn((wait) => {
      const status = wait.#ending;
      wait.end(status === undefined || status.code === Code.OK ? TOO_LATE : status);
    }, this);
  }

  onDeadline(): void {
    this.#late = true;
    if (this.#ending === undefined) this.#call.onDeadline();
    else this.endSoon();
  }
}

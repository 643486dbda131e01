import { monotonicMs } from "../core/clock.js";
import type { CallStartEvent } from "../core/diagnostics.js";
import * as events from "../core/diagnostics.js";
import type { AnyMethod } from "../core/method.js";
import type { StatusObject } from "../core/rpc-error.js";
import type { MessageRun } from "../transport/transport.js";
import { HookedMessages } from "./hooked-messages.js";
import type { MessageSink } from "./sending-half.js";

let lastId = 0;

/** Whether calls must be reported: somebody subscribed to their diagnostics. */
export function isObserved(): boolean {
  return events.callStart.hasSubscribers || events.callEnd.hasSubscribers;
}

/** What is told of one call: its start, and its one end. */
export class CallEvents {
  sent = 0;
  readonly #begun: CallStartEvent;
  readonly #beganAt = monotonicMs();
  #over = false;

  constructor(side: "client" | "server", method: AnyMethod, peer: string) {
    this.#begun = { side, id: ++lastId, method: method.path, kind: method.kind, peer };
    if (events.callStart.hasSubscribers) events.callStart.publish(this.#begun);
  }

  /** Writes the next messages of a run, and counts those that were written. */
  writeRun<Init>(sink: MessageSink<Init>, run: MessageRun<Init>): boolean {
    const from = run.at;
    try {
      if (sink.writeRun !== undefined) return sink.writeRun(run);
      const room = sink.write(run.messages[from]!);
      run.at++;
      return room;
    } finally {
      this.sent += run.at - from;
    }
  }

  end({ code, details }: StatusObject, peer: string, received: number): void {
    if (this.#over) return;
    this.#over = true;
    if (!events.callEnd.hasSubscribers) return;
    const durationMs = monotonicMs() - this.#beganAt;
    events.callEnd.publish({ ...this.#begun, peer, code, details, sent: this.sent, received, durationMs });
  }
}

/** Received messages of which it is known how many came. */
export class CountedMessages<Message> extends HookedMessages<Message> {
  #taken = 0;

  constructor() {
    super((message) => message);
  }

  /** How many came, read or not. */
  get count(): number {
    return this.#taken + this.waiting;
  }

  override next(): Message {
    this.#taken++;
    return super.next();
  }

  override drop(): void {
    this.#taken += this.waiting;
    super.drop();
  }
}

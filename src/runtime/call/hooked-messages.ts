import { messageOf, RpcError } from "../core/rpc-error.js";
import * as Code from "../core/status-code.js";
import type { ReceivedMessages } from "../transport/transport.js";
import { NO_MESSAGES } from "../wire/no-messages.js";
import type { EveryMember } from "./every-member.js";

/** Received messages that interceptors see, and may replace or refuse, when they are taken. */
export class HookedMessages<Message> implements EveryMember<ReceivedMessages<Message>> {
  readonly #seen: (message: Message) => Message;
  #source: ReceivedMessages<Message> = NO_MESSAGES;

  constructor(seen: (message: Message) => Message) {
    this.#seen = seen;
  }

  set source(source: ReceivedMessages<Message>) {
    this.#source = source;
  }

  get waiting(): number {
    return this.#source.waiting;
  }

  get lastSize(): number | undefined {
    return this.#source.lastSize;
  }

  get compressed(): boolean | undefined {
    return this.#source.compressed;
  }

  get mayBeCompressed(): boolean | undefined {
    return this.#source.mayBeCompressed;
  }

  next(): Message {
    const message = this.#source.next();
    try {
      return this.#seen(message);
    } catch (cause) {
      if (cause instanceof RpcError) throw cause;
      throw new RpcError(Code.INTERNAL, `an interceptor threw: ${messageOf(cause)}`, { cause });
    }
  }

  drop(): void {
    this.#source.drop();
  }
}
